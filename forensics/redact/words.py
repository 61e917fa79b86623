"""Words that stay where everything else goes: they say what a thing is, and nothing about whose it is.

Resources and namespaces of Kubernetes itself (k8s.io/api; etcd paths of k8s.io/kubernetes pkg/registry), kine's own
keys, raft's roles. Kinds and groups of other products' resources go: they can name a customer.
"""

from __future__ import annotations

_REGISTRY = """
registry apiregistration apiextensions apiservices customresourcedefinitions apps batch core events event
configmaps configmap secrets secret pods pod services service specs endpoints endpoint endpointslices endpointslice
minions nodes node namespaces namespace ranges serviceips servicenodeports masterleases serviceaccounts serviceaccount
deployments deployment replicasets replicaset statefulsets statefulset daemonsets daemonset controllers
replicationcontrollers controllerrevisions jobs job cronjobs cronjob leases lease ipaddresses servicecidrs
clusterroles clusterrole clusterrolebindings clusterrolebinding roles role rolebindings rolebinding
priorityclasses priorityclass flowschemas flowschema prioritylevelconfigurations prioritylevelconfiguration
storageclasses storageclass persistentvolumes persistentvolumeclaims volumeattachments csinodes csidrivers
csistoragecapacities ingress ingresses ingressclasses networkpolicies networkpolicy poddisruptionbudgets
horizontalpodautoscalers limitranges resourcequotas podtemplates runtimeclasses certificatesigningrequests
validatingwebhookconfigurations mutatingwebhookconfigurations validatingadmissionpolicies
validatingadmissionpolicybindings health compact rev key k8s io v1 v2 v1beta1 v1alpha1 v1beta2 v1beta3
kube system public default api apis apiversion kind metadata
"""
_FILES = """
crt pem yaml yml json tar gz xz zst zip db bak sock info cluster server metadata1 metadata2 snapshot open meta dqlite
nodeinfo
"""
_PROGRAMS = """
microk8s k3s k8sd clusterd incusd jujud incus lxd juju x509 noout sosreport syslog sudo sbin env filesys localnode
fata erro warn debu trac posix goroutine runtime syscall openvswitch ovs vsctl ovn dereference stacktrace
"""
_MACHINE = """
inet inet6 brd mtu qdisc qlen noqueue multicast mq filesystem tmpfs rtc ntp tz cest cet utc gmt phys prio rss blkio
"""
_MEMBERS = """
address id role https core name certificate voter spare stand by standby pending localhost true false null none
"""
KEPT = frozenset(word.encode() for word in f"{_REGISTRY} {_FILES} {_PROGRAMS} {_MACHINE} {_MEMBERS}".split())

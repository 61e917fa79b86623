"""What starting each node comes to, alone or together with any others: forecast, commit proof and elections as one."""

"""One document, and its renderings: HTML, JSON, text and the rest are functions of it."""

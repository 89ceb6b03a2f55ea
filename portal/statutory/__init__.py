"""What the law asks of a site beside accessibility: data protection, cookies, child protection, whistle-blowers."""

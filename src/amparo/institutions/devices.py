"""Which browser a session runs in, as far as its owner needs it to tell it from another. Pure."""

# Looked for in this order: most browsers also name those that they want to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_family(user_agent: str) -> str:
    """Such as "Firefox, Linux"; "" where it tells neither. No version: that would tell one person from another."""
    found = (next((name for sign, name in families if sign in user_agent), None) for families in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, found))

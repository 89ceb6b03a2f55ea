def forget() -> str:
    return ""

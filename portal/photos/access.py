"""Who may do what with photos of all sections."""

from portal.content.photo_files import photo_models


def owner_model(photo_model) -> type:
    return photo_model._meta.get_field(photo_model.owner_field).related_model


def may(user, action: str, model: type) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def may_send(user) -> bool:
    """Whoever may put a photo on anything."""
    return is_staff(user) and any(may(user, action, model) for model in photo_models() for action in ("add", "change"))


def may_list(user) -> bool:
    return is_staff(user) and any(may(user, "change", model) for model in photo_models())


def may_take_down(user) -> bool:
    """Publishers of whatever section: a picture that must go has to go from all of them at once."""
    return may_list(user) and any(may(user, "publish", owner_model(model)) for model in photo_models())


def is_staff(user) -> bool:
    return user.is_active and user.is_staff

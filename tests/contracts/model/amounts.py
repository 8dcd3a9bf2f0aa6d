"""Amounts near whatever matters."""

from tests.contracts.model.act import Scene

HUGE = (2**44, 2**64, 2**255)


def some_amount(scene: Scene, *exact: int) -> int:
    """Mostly one of the given ones or a share of it, sometimes one more, one less, nothing, or far too much."""
    rng, base = scene.rng, scene.rng.choice(exact)
    how = rng.choices(("exact", "share", "one more", "one less", "zero", "one", "huge"), (45, 30, 6, 6, 2, 5, 2))[0]
    if how == "share":
        return base * rng.randint(1, 99) // 100
    if how == "one more":
        return base + 1
    if how == "one less":
        return max(0, base - 1)
    if how == "huge":
        return rng.choice(HUGE)
    return {"exact": base, "zero": 0, "one": 1}[how]

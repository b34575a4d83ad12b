"""Multiple systems estimation: how many victims no list has, told from how the lists overlap. Pure.

`histories` counts who is on which lists; `chao`, `two_lists`, `loglinear`, `graphs` and `latent_classes` estimate;
`choice` compares models; `dependence` asks what a dependence that nobody saw would change; `estimation` does all of it.
"""

# review: machine
# locale: fa-AF-u-ca-persian
# direction: right-to-left
# plurals: one other
# stands-in-for: =fa-AF haz aiq fa

language-name = دری
language-fallback = هنوز به زبان شما نیست؛ به دری نشان داده می‌شود.
language-machine = ترجمهٔ ماشینی که هنوز هیچ انسانی آن را بازبینی نکرده است.

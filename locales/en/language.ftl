# review: reviewed
# locale: en
# direction: left-to-right
# plurals: one other

# The language's own name, in a list from which people choose.
language-name = English
# Beside a sentence that is in this language because the reader's own is not there yet.
language-fallback = Not yet in your language; shown in English.
# Beside a sentence that no person has reviewed.
language-machine = Translated by a machine; not yet reviewed by a person.

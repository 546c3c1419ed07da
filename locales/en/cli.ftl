# review: reviewed
# What the `rafiq` command says to a coordinator or field worker at a laptop.

cli-passphrase = Passphrase:
cli-passphrase-new = Choose a passphrase:
cli-passphrase-again = Once more:
cli-passphrase-differs = The two are not the same. Please try again.
cli-key-beside-store = There is no passphrase: the key lies in a file beside the store, and whoever can read your files can open it.
cli-importing = Importing
cli-exchanging = Exchanging
cli-done = Done.

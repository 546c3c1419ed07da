# review: reviewed
# What the `rafiq` command says to a coordinator or field worker at a laptop.

cli-passphrase = Passphrase:
cli-passphrase-new = Choose a passphrase:
cli-passphrase-again = Once more:
cli-passphrase-differs = The two are not the same. Please try again.
cli-key-beside-store = There is no passphrase: the key lies in a file beside the store, and whoever can read your files can open it.
cli-key-open-to-others = Others on this computer can read the key file. Please let only its owner read it.
cli-importing = Importing
cli-exchanging = Exchanging
cli-done = Done.
cli-opening = Opening
cli-no-relay = No relay is set here yet. Name one with --relay, or join with an invitation.
cli-no-tls = This relay asks for an encrypted line (https), which this program cannot open itself. Please put a proxy in front of it on this computer.
cli-profile-empty = There is nothing here yet.
cli-profile-ready = This can be opened.
cli-profile-needs-migration = This can be opened. It will first be brought to the form of this version.

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
cli-opening = Opening
cli-no-relay = No relay is set here yet. Name one with --relay, or join with an invitation.
cli-certificate-unknown = Somebody answered at this address, but nobody who is trusted here vouches that it is this relay. Nothing is lost. If your office makes its own certificates, please name the file with --certificate.
cli-certificate-address = Somebody answered at this address, but the certificate is for another address. Nothing is lost. Please check the address.
cli-certificate-date = Somebody answered at this address, but the certificate is not valid today. Nothing is lost. Please check the date of this computer; if it is right, please tell whoever runs the relay.
cli-not-encrypted = No encrypted line to this relay came about. Nothing is lost. Please check whether its address begins with https:// or with http://.
cli-no-certificate = This file holds no certificate that can be read. Please choose another one, in the PEM format.
cli-not-taken =
    { $count ->
        [one] { $count } change is waiting: the relay does not take it yet. If that stays so, please ask whoever runs it.
       *[other] { $count } changes are waiting: the relay does not take them yet. If that stays so, please ask whoever runs it.
    }
cli-profile-empty = There is nothing here yet.
cli-profile-ready = This can be opened.
cli-profile-needs-migration = This can be opened. It will first be brought to the form of this version.

# review: reviewed
# One sentence for every error of the library: what happened, that nothing is lost where that is so, and what to do.

error-not-found = This is no longer here. It may have been moved or removed.
error-invalid =
    { $reason ->
        [empty] Something is still missing here. Please fill it in.
        [missing] Something is still missing here. Please fill it in.
        [needs-someone] Please choose with whom you want to share this.
        [future] This lies in the future. Please check the date.
        [exists] This is already there.
        [too-long] This is too long. Please make it shorter.
        [expired] This is no longer valid. Please ask for a new one.
        [not-a-bundle] This file holds something else. Nothing in it was changed. Please choose another one.
        [full] This file is full. Please choose another one.
        [not-here-yet] The words have not come yet. Please try again after the next exchange.
        [not-erasable] These words were written by an older version of the app and cannot be erased. Whoever wrote them can still take the check-in back: then no screen shows it any more.
        [none] There are no words here to erase.
        [no-kit] This relay knows no such words. Please compare the address and the words with your paper. If you made other words later, please use those.
        [in-use] Something was written or shared in this profile already. Please begin with a new profile.
        [busy] The relay has too much to do just now. Nothing is lost: please try again later.
        [recovering] What you have written is still on its way to this phone. Please exchange first, and then try again.
        [outgrown] So many people have come and gone here that nobody else can be let in. Nothing is lost. Please begin a new group.
       *[other]
            { $field ->
                [invite] This invitation cannot be read. Please scan it again, or ask for a new one.
                [language] This language is not known. Please choose one from the list.
                [date] This date cannot be read. Please check day, month and year.
                [number] This number cannot be read. Please check it.
                [zone] This time zone is not known. Please choose one from the list.
                [passphrase] This passphrase cannot be used. Please choose another one.
                [relay] This relay address cannot be used. It begins with http:// or https://.
                [words] These words do not fit. Please compare each of the twelve with your paper.
               *[other] Something here is not right. Please check it and try again.
            }
    }
error-no-consent = This person has not agreed to this. Please ask them first.
error-not-allowed = Your role here does not allow this. Please ask your coordinator.
error-locked = This is locked. Please enter your passphrase.
error-wrong-passphrase = This passphrase is not right. Nothing is lost: please try again.
error-try-later =
    { $minutes ->
        [one] The passphrase was wrong too often. Nothing is lost: please try again in a minute.
       *[other] The passphrase was wrong too often. Nothing is lost: please try again in { $minutes } minutes.
    }
error-wrong-key = The key does not fit this store. Nothing was changed.
error-key-lost = This device no longer has the key to what is stored here. It is kept, but cannot be opened. Please ask your coordinator for help.
error-corrupt = The stored file is damaged. It is kept as it is. Please ask your coordinator for help before you do anything else.
error-newer-version = This was made by a newer version of the app. Please update the app.
error-in-use = This is already open in another window or app. Please close it there first.
error-storage-full = The device is full. Nothing was half saved. Please make some room and try again.
error-storage = The device could not read or save this. Nothing was half saved. Please try again.
error-closed = This has been closed. Please open it again.
error-cancelled = This was stopped. What was done until then is kept.
error-host = The device did not give what was needed. Please try again.
error-bug = Something went wrong, and the mistake is ours. What you saved before is safe. Please try again.

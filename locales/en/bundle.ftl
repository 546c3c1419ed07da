# review: reviewed
# Bundles: what is written to a memory card, a file or a cable, and read from it.

bundle-written =
    { $count ->
        [0] Everything was there already; nothing had to be written.
        [one] { $count } sealed envelope written
       *[other] { $count } sealed envelopes written
    }
bundle-size = The file has { $kilobytes } KB now. Whoever finds it can open none of it.
bundle-aside =
    { $count ->
        [one] { $count } envelope cannot be used yet. It is kept.
       *[other] { $count } envelopes cannot be used yet. They are kept.
    }
bundle-carried =
    { $count ->
        [one] { $count } envelope for others is carried on from here.
       *[other] { $count } envelopes for others are carried on from here.
    }
bundle-left =
    { $count ->
        [one] { $count } envelope is for others and was left there.
       *[other] { $count } envelopes are for others and were left there.
    }
bundle-carrying-nothing = Nothing is carried for others here.
bundle-carrying =
    { $count ->
        [one] Carried for others: { $count } envelope, { $used } of { $most } KB. It cannot be opened here.
       *[other] Carried for others: { $count } envelopes, { $used } of { $most } KB. They cannot be opened here.
    }
bundle-damaged-cut = The end is missing, from byte { $at } on. What stands before it was read.
bundle-damaged-index = A part is damaged, at byte { $at }. It was passed over.
bundle-damaged-envelope = One envelope is damaged, at byte { $at }. It was passed over.
bundle-damaged-trailer = The end of a part is damaged, at byte { $at }. Its envelopes were read.
bundle-damaged-newer = A newer version has written a part, at byte { $at }. Please update, and read it again then.
bundle-damaged-unreadable = From byte { $at } on this cannot be read. What stands before it was read.
bundle-damaged-too-much = Too much is damaged. Reading ended at byte { $at }.
bundle-write-again = Please let it be written again where it comes from. What has arrived is kept.

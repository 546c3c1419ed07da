# review: reviewed
# The apps' own words: tabs, buttons, headings, fields, empty screens, and what screen readers say of a pictogram.

app-tab-check-in = Check-in
app-tab-together = Together
app-tab-directory = Directory

app-next = Next
app-back = Back
app-close = Close
app-save = Save
app-cancel = Cancel
app-add = Add
app-try-again = Try again
app-understood = All right
app-more = Show more
app-clear = Clear
app-copy = Copy
app-send = Send
app-loading = One moment, please.
app-chosen = Chosen
app-not-chosen = Not chosen
app-date = { $date }
app-saved = Saved.
app-not-arrived = This has not arrived yet. It comes with the next exchange.
app-no-words = This version of the app has no words for this yet.
app-other-language = Not yet in your language.
app-somebody = somebody

# Setting up, and opening again.
app-welcome = Welcome
app-welcome-about = Everything stays on this phone, encrypted. It works without a connection, too.
app-set-up-language = Which language would you like to read?
app-set-up-name = What would you like to be called?
app-set-up-protection = Would you like a passphrase?
app-set-up-step = Step { $step } of { $steps }
app-name = Your name
app-name-about = Those you share something with will see this name. It need not be the one in your papers.
app-protection-about = With a passphrase nobody opens this without you, even with your phone in their hand. Nobody can find it again for you: please choose one that you will not forget.
app-with-passphrase = Yes, with a passphrase
app-without-passphrase = No, without
app-passphrase = Passphrase
app-passphrase-again = Once more
app-begin = Begin
app-kit-have = I have the twelve words of a lost phone
app-kit-have-not = Begin without words
app-kit-enter = Your twelve words
app-kit-words = Twelve words
app-kit-enter-about = As they stand on your paper, in their order, with a space between them.
app-kit-relay-about = It stands on your paper as well.
app-kit-unknown = Word { $number } cannot be right: { $word }. Please compare it with your paper.
app-kit-unreached = The relay of your words cannot be asked now. Nothing is lost: please compare the address with your paper, or try again later.
app-unlock-title = Welcome back
app-unlock = Open
app-trouble-title = This cannot be opened now
app-set-aside = Keep the damaged file aside and begin afresh
app-set-aside-about = Nothing is deleted: the damaged file stays on this phone. You begin with an empty app, and those who share something with you need to invite you again.

# Today.
app-settle = I have seen to it
app-check-in-tell = Say how you are
app-unconfirmed = It is not certain yet who wrote this.
app-requests =
    { $count ->
        [one] { $count } person would like to be let in
       *[other] { $count } people would like to be let in
    }

# Check-ins.
app-choose-several = You can choose as many as you like.
app-note = In your own words
app-share-with = Me and those in “{ $pairing }”
app-shared-with = Shared with: { $space }
app-shared-with-nobody = Shared with nobody
app-check-in-again = Another check-in
app-check-ins-title = Earlier check-ins
app-check-ins-none = There are no check-ins yet. You can write one whenever you like.
app-take-back = Take the check-in back
app-take-back-ask = Take this check-in back? It goes from this phone now, and from the others with their next exchange. A phone that is off hears of it later. Who has left “{ $space }” keeps what they had, and who has read it has read it.
app-take-back-ask-private = Take this check-in back? It is shared with nobody. It goes from your screens now; what you wrote with it is erased from this phone and, if you have recovery words, from the sealed copy on a relay with your next exchange.
app-taken-back = Taken back.
app-erase-words = Take my words back
app-erase-words-ask = Take back what you wrote here? It goes from this phone now, and from the others with their next exchange; a phone that is off may hold it until then. Who has left “{ $space }” keeps what they had, and who has read it has read it. It cannot be brought back. The check-in itself stays.
app-erase-words-ask-private = Take back what you wrote here? It is shared with nobody. It goes from this phone now, and a sealed copy on a relay, if you have recovery words, with your next exchange. It cannot be brought back. The check-in itself stays.
app-erase-words-ask-left = Take back what you wrote here? You are no longer in “{ $space }”: it goes from this phone alone, and the others keep what they have. It cannot be brought back.
app-words-taken-back = What you wrote is gone from this phone.
app-erase-theirs = Erase these words
app-erase-theirs-ask = Erase what { $name } wrote here? It goes from this phone now, and from the others, also from theirs, with the next exchange of each; a phone that is off may hold it until then. Who has left “{ $space }” keeps what they had. Everybody sees that it was erased, and it cannot be brought back. The check-in itself stays.
app-words-erased = What { $name } wrote is gone from this phone. The others hear of it with the next exchange.
app-erased-here = Gone from this phone
app-erased-there = Gone from { $name }’s phone
app-erased-unconfirmed = Not confirmed yet by { $name }’s phone: it may still hold it
app-erased-gone = { $name } is no longer here: what had reached their phone stays there
app-erased-left = You are no longer in “{ $space }”: a phone that has not confirmed may keep it
app-erased-unknown = From which other phones it is gone cannot be said now

# Together: pairings and groups.
app-together-none = You do not share a pairing or a group yet. Begin one, or join with an invitation.
app-pairings = Pairings
app-groups = Groups
app-requests-title = Who would like to be let in
app-begin-pairing = Begin a pairing
app-model-ask = What kind of support shall it be?
app-pairing-title = What shall it be called?
app-role-ask = Which part do you take?
app-found-group = Found a group
app-group-name = Name of the group
app-group-language = Language of the group
app-group-capacity = For how many people?
app-group-place = Where does it usually meet?
app-invite = Invite someone
app-join = Join with an invitation

# A pairing.
app-people = People
app-you = You
app-part-open = Has not taken a part yet
app-next-meeting = Next meeting
app-plan-meeting = Plan a meeting
app-day = Day
app-time = Time
app-place = Place
app-choose-this = This one
app-goals = Goals
app-goals-none = No goals yet. They can come later.
app-milestones = Small victories
app-milestones-none = Nothing written down yet. The first one will come.
app-milestone-add = Add a small victory
app-steps = What comes next
app-steps-none = Nothing is open now.
app-contacts = Contacts
app-contacts-none = No contact has been written down yet.
app-contact-add = We were in touch
app-contact-how = How were you in touch?
app-contact-about = What was it about?
app-responder-ask = Who hears first when somebody asks for contact?
app-hears-first = Hears first

# A group and who came.
app-sessions = Meetings
app-session-move = Choose another time
app-session-cancel = It will not take place
app-session-cancel-ask = Call this meeting off? Everybody in the group reads that with their next exchange. You can plan another one.
app-session-cancel-yes = Yes, call it off
app-session-cancel-no = No, it takes place
app-session-cancelled = This meeting does not take place.
app-person-add = Add someone without a phone
app-person-name = Their name
app-person-language = Their language
app-person-added = { $name } is now in the group.
app-marked-differently = Marked in two ways. Please choose one:
app-unsaved =
    { $count ->
        [one] { $count } mark is not saved yet
       *[other] { $count } marks are not saved yet
    }
app-attendance-none = There is nobody in this group yet.

# The directory.
app-search = What are you looking for?
app-directories = Directories
app-directory-none = There is no directory here yet. You can join one with an invitation.
app-service-closed = No longer open
app-service-paused = Closed for now
app-call = Call
app-phones = Telephone
app-places = Where
app-hours = Opening hours
app-hours-line =
    { $day ->
        [MO] Monday
        [TU] Tuesday
        [WE] Wednesday
        [TH] Thursday
        [FR] Friday
        [SA] Saturday
        [SU] Sunday
       *[other] { $day }
    }: { $opens } – { $closes }
app-languages = Languages
app-for-whom = For whom
app-how-to-apply = How to apply
app-costs = What it costs
app-to-bring = What to bring
app-interpreting = Interpreting
app-waiting-time = Waiting time
app-website = Web page
app-email = Email

# Inviting and joining.
app-invite-title = An invitation
app-invite-ask = Where is the person you invite?
app-invite-here = Here with me
app-invite-elsewhere = Somewhere else
app-invite-once = It is for one person, once.
app-invite-all = Anyone who sees it can read this directory.
app-invite-ends = Valid until: { $date }
app-invite-code = QR code of the invitation
app-asks-to-join = { $name } would like to be let in.
app-asks-to-join-here = { $name } would like to be let in: { $space }
app-look-first = Please let in only someone you have before you, or have spoken with.
app-admit = Let in
app-decline = Not now
app-admitted = { $name } is let in. The welcome leaves with the next exchange.
app-declined = { $name } is not let in.
app-scan = Scan the code
app-invite-text = Paste the invitation here
app-join-for =
    { $kind ->
        [circle] This invites you to a pairing: { $title }
        [group] This invites you to a group: { $title }
        [directory] This lets you read a directory: { $title }
       *[other] This invites you to: { $title }
    }
app-join-relay = It goes over { $relay }. The relay learns this phone’s address, and can read nothing.
app-accept = Accept
app-join-sent = Your answer leaves with the next exchange. As soon as you are let in, you will find it under “Together”.
app-join-reads = The directory comes with the next exchange.
app-join-held = You are in already.

# Exchanging.
app-exchange-title = Exchange
app-exchange-now = Exchange now
app-exchange-bytes = { $sent } KB sent, { $received } KB received
app-exchange-progress = { $space }: { $done } of { $total } KB
app-exchange-progress-own = For this phone: { $done } of { $total } KB
app-unmetered = { $size } KB wait for a line that does not cost by the amount, such as Wi-Fi.
app-metered-ask = May large things also go over a line that costs by the amount?
app-metered-wait = No, they wait for another line
app-metered-use = Yes, everything may go
app-relay = Relay
app-relay-about = The relay passes sealed envelopes on. It can open none of them.
app-relay-address = Address of the relay
app-relay-none = No relay is set yet. An invitation brings one along.
app-relay-trouble = The relay cannot answer now. Everything is kept; please try again later.
app-held-title = What stands aside
app-held-waiting = Waits for something that has not come yet.
app-held-removed = Written by somebody who had been taken out before anyone saw it. It counts as soon as someone else’s work builds on it.
app-held-refused = Was refused, because it breaks a rule. It changed nothing.
app-held-fork = A phone was put back to an earlier copy, and two versions went on from there. All phones keep the same one; what it lacks is written again by its author’s phone.
app-held-doubtful = Could not be taken in here. It is kept, and tried again after an update.
app-unread-space = What stands aside in “{ $space }” cannot be read now. Everything else is shown.
app-held-work =
    { $count ->
        [one] { $count } contribution by { $name } is kept aside
       *[other] { $count } contributions by { $name } are kept aside
    }
app-held-work-about = It came after they had been taken out; their phone may not have known. So far it counts for nobody.
app-keep = Take it in
app-keep-ask = Take in what was written? Nobody can read it before that. Everybody there sees it with the next exchange, and it cannot be undone. Who was taken out stays out.
app-kept = Taken in. The others get it with the next exchange.

# Oneself.
app-profile = You and this phone
app-rename = Change the name
app-language = Language
app-calendar = Calendar
app-calendar-usual = As usual in your language
app-calendar-gregorian = Gregorian
app-calendar-solar-hijri = Solar Hijri
app-passphrase-set = A passphrase protects what is here.
app-passphrase-none = There is no passphrase.
app-passphrase-change = Change the passphrase
app-passphrase-old = Passphrase until now
app-passphrase-new = New passphrase
app-passphrase-changed = The new passphrase holds from now on.
app-passphrase-removed = There is no passphrase any more.
app-kit = Twelve words for a lost phone
app-kit-about = If this phone is lost, you can go on with another one. For that you need twelve words on paper. They bring back who you are here, and what you have written for yourself. What you share with others comes back when they let your new phone in. From the day you make the words, what you write for yourself is kept at the relay as well. It is locked there: the relay cannot read it.
app-kit-keep = Whoever has the paper with these words can read what you have written for yourself, and can act here in your name. Please keep it where only you find it, and not beside this phone. Nobody can find the words again for you.
app-kit-make = Make twelve words
app-kit-write = Please write these twelve words on paper, in this order, and the address above them. They are English words: please copy them letter by letter. They are shown this once.
app-kit-written = They are on paper
app-kit-word = { $number }. { $word }
app-kit-check = Two words from your paper
app-kit-check-about = Please type these two words as they stand on your paper. That shows whether they were copied right.
app-kit-check-word = Word { $number }
app-kit-compare = Compare
app-kit-look = Look at the words again
app-kit-checked = Both words are right. Please keep the paper in a safe place.
app-kit-differs = Word { $number } does not match yet. Nothing is lost: please look at the words again and compare them with your paper.
app-kit-leave = Leave now?
app-kit-leave-about = The words are not checked yet. Once you leave, they are not shown again. If they are not on paper, please look at them again first.
app-kit-leave-yes = Leave without checking
app-kit-made = Made on { $date }
app-kit-ready = They can be used.
app-kit-waits = They can be used after the next few exchanges.
app-kit-no-relay = A relay has to be set first, under “Exchange”.
app-kit-again = Make other words
app-kit-again-ask = Make other words? After the next exchange, those on your paper bring nothing back any more.
app-lock = Lock
app-wipe = Delete everything on this phone
app-wipe-ask = Delete everything on this phone? It cannot be brought back. What you shared stays with the others.
app-wipe-yes = Yes, delete everything

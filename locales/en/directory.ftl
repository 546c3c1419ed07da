# review: reviewed
# Services nearby, and how far they can be relied on.

freshness-fresh = Checked on { $date }
freshness-ageing = Checked on { $date }. Please call before you go.
freshness-stale = Last checked on { $date }. This may no longer be right; please call before you go.
freshness-unknown = Nobody has noted when this was checked. Please call before you go.
directory-hits =
    { $count ->
        [0] Nothing was found. Try another word.
        [one] { $count } service found
       *[other] { $count } services found
    }
directory-services =
    { $count ->
        [one] { $count } service
       *[other] { $count } services
    }
directory-imported =
    { $count ->
        [one] { $count } service imported
       *[other] { $count } services imported
    }
directory-unchanged = Everything was already up to date.
directory-problems =
    { $count ->
        [0] No problems
        [one] { $count } entry could not be read
       *[other] { $count } entries could not be read
    }
directory-call = Call: { $phone }
directory-report-ask = Is something wrong here?
directory-report-wrong-number = The number is wrong
directory-report-closed = It is closed
directory-report-other = Something else
directory-report-thanks = Thank you. Your note will be passed on without your name.

# review: reviewed
# Groups, their sessions, and who came.

group-joined = You are now a member of { $group }.
group-members =
    { $count ->
        [one] { $count } member
       *[other] { $count } members
    }
session-next = Next meeting: { $date }
session-place = Place: { $place }
modality-in-person = In person
modality-remote = By phone or online
modality-hybrid = In person, or by phone or online
session-none = No meeting is planned yet.
session-time-changed = The meeting is now at: { $date }
attendance-ask = Who came?
attendance-came = Came
attendance-late = Came late
attendance-missed = Did not come
attendance-excused = Told us before
attendance-count =
    { $count ->
        [0] Nobody is marked as present yet.
        [one] { $count } person came.
       *[other] { $count } people came.
    }
attendance-disputed =
    { $count ->
        [one] { $count } person is marked in two ways.
       *[other] { $count } people are marked in two ways.
    }
conflict-meeting-time = Two meeting times were kept, because both were entered without a connection. Please choose one.
conflict-meeting-choice = { $date }, entered by { $name }
conflict-stands = Stands for now
conflict-resolved = Thank you. The meeting is at: { $date }

# review: reviewed
# What is due for me now.

today-title = Today
today-nothing = Nothing is due today.
today-due =
    { $count ->
        [one] { $count } thing is due today
       *[other] { $count } things are due today
    }
due-by = By { $date }
due-since = Due since { $date }
today-meeting = Meeting: { $date }
today-done = Done
# An alert, for the one who can help.
alert-contact-today = { $name } asks to be contacted today.
# Shown on a locked screen: says nothing of what it is about.
reminder = There is something for you.

today-goal = Your goal: { $goal }
today-contact-this-week = { $name } would like to be contacted this week.
today-attendance-conflict = { $name } was marked in two ways. Please choose one.

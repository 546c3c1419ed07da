# review: reviewed
# What the phone itself shows of the app, or asks for it. Without values. Those that a system wants in a file of its own are written there
# by tests/tools/platform-strings.py.

platform-app-name = Rafiq

# On a locked screen: says nothing of what it is about.
platform-reminder = There is something for you in Rafiq.
# How reminders are called in the settings of the phone.
platform-reminders = Reminders
platform-reminders-about = That something is due. Never what.
# Before the phone asks whether Rafiq may show notifications.
platform-reminders-why = Rafiq can remind you of what you have planned. Whoever sees the reminder learns nothing of what it is about. Would you like that?
platform-yes = Yes, please
platform-not-now = Not now

# When the phone asks whether Rafiq may use the camera.
platform-camera-why = With the camera you can read the code of an invitation. No picture is kept.
platform-camera-aim = Please hold the camera over the code.
platform-camera-refused = Without the camera you can paste the invitation instead.

# A call, a letter or a website for which the phone has no app.
platform-no-app = There is no app for this on this phone.

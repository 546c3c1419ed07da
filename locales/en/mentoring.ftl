# review: reviewed
# A pairing: two people, their plan, goals and contacts.

pairing-joined = You and { $name } are now connected.
pairing-week = Week { $week }
pairing-no-reason-needed = You may say no or stop at any time. You need not give a reason.
goal-ask = What would you like to reach?
goal-added = New goal: { $goal }
goal-open = On the way
goal-reached = Reached
goal-set-aside = Set aside
contact-kind-visit = Visit
contact-kind-call = Call
contact-kind-message = Message
contact-kind-accompaniment = Went along
milestone-reached = A step to celebrate: { $milestone }
milestone-reached-by = { $name } reached something: { $milestone }
milestone-own-words = Something else, in your own words

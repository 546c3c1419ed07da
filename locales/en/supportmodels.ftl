# review: reviewed
# The support models of core/programmes/support_models, and the roles and steps they share.

model-newcomer-mentoring = A mentor for newcomers
model-newcomer-mentoring-about = Someone who knows the place goes along with you through the first six months.
model-newcomer-mentoring-not = A mentor is not a counsellor, lawyer or case worker. What is more than a mentor can carry is passed on.
model-buddy = A buddy for the first weeks
model-buddy-about = Someone who is already here shows you how things work, and steps back after some weeks.
model-buddy-not = A buddy is not a supervisor and not a counsellor. What is more than a buddy can carry is passed on.

role-newcomer = Newcomer
role-mentor = Mentor
role-buddy = Buddy
role-coordinator = Coordinator
role-safeguarding-lead = Person responsible for protection
role-emergency-services = Emergency services

# Steps are said to the one who does them.
step-introduce-the-two = Introduce the two to each other.
step-first-meeting = Meet for the first time, at a place where both feel at ease.
step-agree-how-we-work = Agree how you want to work together: how often, where, and what stays between you.
step-urgent-needs = Ask what cannot wait: a roof, health, papers, school.
step-find-places-together = Find the important places together: doctor, shop, bus, office.
step-name-own-goals = Say what you would like to reach. They are your goals alone.
step-accompany-appointment = Offer to go along to an appointment.
step-weekly-contact = Be in touch this week: a visit, a call or a message.
step-short-check-in = Three short questions: how are you?
step-supervision-talk = Talk with your coordinator about how you are doing in your role.
step-ask-if-it-fits = Ask both whether they fit together. A change is nothing to be ashamed of.
step-look-back-midway = Half-way: look back together at what has been reached, and what you still wish for.
step-be-in-touch-after-event = Something has changed in the life of the person. Be in touch, and ask what is needed.
step-plan-the-ending = Talk about the end of this time, and what comes after it.
step-celebrate = Celebrate together what has been reached.
step-ask-how-it-went = Ask both how it was, and what should be better.
step-invite-to-mentor = Ask whether they would like to become a mentor themselves.
step-welcome = Say welcome, on the first day.
step-emergency-exits-and-help = Show the emergency exits, first aid, and whom to call for help.
step-show-around = Show the place: rooms, toilets, kitchen, a quiet place.
step-introduce-people = Introduce the people who matter here.
step-travel-the-way-together = Travel the way here together once.
step-how-things-are-done = Explain how things are done here, also what nobody writes down.
step-whom-to-ask = Show whom to ask about what.
step-what-is-still-unclear = Say what is still unclear to you. No question is too small.
step-induction-complete = Look at the list together: is everything done?
step-how-are-you-as-buddy = Ask the buddy how they are doing in their role.
step-step-back = Step back slowly: be in touch less often, stay within reach.
step-say-goodbye = Say goodbye to this time together.
step-invite-to-be-buddy = Ask whether they would like to be a buddy for someone new.
step-follow-up-silence = You have not heard from each other for some time. Please be in touch, without reproach.
step-help-with-silence = These two have not been in touch for a long time. Please ask whether help is needed.
step-contact-today = Please make contact today: it was asked for.
step-contact-today-unanswered = Contact was asked for yesterday, and nobody has answered. Please make contact now.
step-contact-this-week-unanswered = Contact was asked for this week. Please make contact.
step-follow-up-missed-meetings = Two meetings were missed. Please ask, without reproach, whether something is in the way.

checklist-induction = The first two weeks

event-move = Move to another home
event-job-change = Change of job
event-family-crisis = A difficult time in the family
event-loss = A loss
event-birth = A birth

consent-mentoring = I would like to have a mentor.
consent-contact = I may be contacted.
consent-confidentiality = What I am told stays with me, unless someone is in danger.

training-peer-basics = Basics of peer support
training-safeguarding = Protection from harm

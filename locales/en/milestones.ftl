# review: reviewed
# The catalogue of core/programmes/milestones/arrival.toml. Nobody has to reach any of these.

milestone-first-phone-number = First phone number
milestone-residence-papers = Residence papers
milestone-health-insurance = Health insurance
milestone-first-medical-appointment = First visit to a doctor
milestone-vaccinations-done = Vaccinations done
milestone-first-bus-ride = First bus ride
milestone-transport-card = Card for bus and train
milestone-driving-licence = Driving licence
milestone-own-home = A home of my own
milestone-knows-the-neighbours = Know the neighbours
milestone-first-shopping-alone = First shopping alone
milestone-bank-account = Bank account
milestone-school-enrolment = Enrolled in school
milestone-childcare-place = A childcare place
milestone-parents-evening = First parents’ evening
milestone-language-class = Language class begun
milestone-first-conversation = First conversation in the new language
milestone-language-certificate = Language certificate
milestone-library-card = Library card
milestone-first-group-visit = First visit to a group
milestone-made-a-friend = Made a friend
milestone-qualification-recognised = Qualification recognised
milestone-first-application = First job application
milestone-first-interview = First job interview
milestone-first-job = First job
milestone-first-wage = First wage
milestone-first-vote-or-meeting = First vote or community meeting
milestone-helped-someone-else = Helped someone else
milestone-family-reunited = Family together again
milestone-citizenship = Citizenship

area-home = Home
area-papers = Papers
area-health = Health
area-transport = Getting around
area-community = Community
area-money = Money
area-school = School and childcare
area-language = Language
area-work = Work
area-family = Family

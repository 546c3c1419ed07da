package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.ContactKind
import org.rafiq.HelpKind
import org.rafiq.NewPairing
import org.rafiq.PairingId
import org.rafiq.Spoken
import java.io.File

/** Beginning something together, and what two people do in a pairing. */
class TogetherTest {
    @TempDir lateinit var folder: File

    @Test fun `what can be begun is offered with what it is and what it is not`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Олена", "uk")
            val together = TogetherPresenter(phone.session, phone.scope)
            val empty = together.content()
            assertEquals("У Вас ще немає спільної пари чи групи. Почніть нову або приєднайтеся за запрошенням.", empty.nothing)
            val buddy = empty.models.single { it.model == "buddy" }
            assertTrue(buddy.title.isNotBlank() && buddy.about.isNotBlank() && buddy.isNot.isNotBlank())
            assertEquals(listOf("newcomer", "buddy", "coordinator"), buddy.roles.map { it.value })
            val missing = together.does(TogetherEvent.BeginPairing("buddy", "buddy", "  "))
            assertTrue(missing.notice != null && missing.pairings.isEmpty() && missing.begun == null)
            val begun = together.does(TogetherEvent.BeginPairing("buddy", "buddy", "Двоє"))
            assertEquals(begun.pairings.single().leadsTo, begun.begun)
            assertEquals("Двоє" to "Зустріч ще не заплановано.", begun.pairings[0].title.plain() to begun.pairings[0].line)
            assertNull(together.does(TogetherEvent.Dismiss).begun)
            assertTrue(together.does(TogetherEvent.FoundGroup("Сусіди", "uk", 1, "")).notice != null, "too small a group")
            val founded = together.does(TogetherEvent.FoundGroup("Сусіди", "uk", 12, "Бібліотека"))
            assertEquals("Сусіди" to "1 учасник", founded.groups.single().title.plain() to founded.groups.single().line.plain())
            assertNull(founded.nothing)
            assertEquals(1, together.does(TogetherEvent.Refresh).pairings.size)
        }
    }

    @Test fun `a model that a programme brought along says what it says itself`() = test {
        val tandem = """
            id = "tandem"
            version = 1
            pass_on = ["coordinator"]
            [[roles]]
            id = "speaker"
            [[steps]]
            id = "agree-on-days"
            who = "speaker"
            day = 0
            window_days = 3
            [texts.en]
            model-tandem = "Language tandem"
            step-agree-on-days = "Agree on two days a week"
            [texts.prs]
            step-agree-on-days = "دو روز هفته را با هم تعیین کنید"
        """.trimIndent()
        Phone(File(folder, "profile"), models = listOf(tandem)).use { phone ->
            phone.setUp("آمنه", "prs")
            val together = TogetherPresenter(phone.session, phone.scope)
            val offered = together.content()
            val model = offered.models.single { it.model == "tandem" }
            assertEquals("Language tandem", model.title)
            assertEquals(phone.session.words.say { text("app-no-words") }, model.about, "nobody says what it is")
            assertEquals(phone.session.words.language.label(Spoken("", "en", fallback = true, machine = false))?.text, offered.remark)
            val begun = together.does(TogetherEvent.BeginPairing("tandem", "speaker", "دو نفر")).begun as Place.Pairing
            val step = "دو روز هفته را با هم تعیین کنید"
            assertEquals(step, PairingPresenter(phone.session, begun.id, phone.scope).content { it.steps.isNotEmpty() }.steps.single().text)
            assertEquals(step, TodayPresenter(phone.session, phone.scope).content { it.due.isNotEmpty() }.due.single().text)
        }
    }

    @Test fun `a pairing that is not here can not be shown, and trying again would not help`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("آمنه", "prs")
            val elsewhere = Phone(File(folder, "other")).use { other ->
                other.setUp("Olena", "en")
                other.session.rafiq.mentoring.begin(NewPairing("buddy", "buddy", "Two")).id
            }
            val nowhere = PairingPresenter(phone.session, elsewhere, phone.scope).until { it != UiState.Loading }
            assertEquals(UiState.Failed("این دیگر اینجا نیست. شاید جابه‌جا یا پاک شده باشد.", canRetry = false), nowhere)
            val nonsense = PairingPresenter(phone.session, PairingId("nonsense"), phone.scope).until { it != UiState.Loading }
            assertTrue(nonsense is UiState.Failed && !nonsense.canRetry, "$nonsense")
        }
    }

    @Test fun `meetings, and a conflict that is kept and resolved`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two ->
                two.join()
                val (mentor, newcomer) = both(two)
                assertEquals("No meeting is planned yet." to null, mentor.content().meeting.let { it.text to it.startsAtMs })
                val day = newcomer.content().days[2]
                assertEquals("2026-11-24", day.day)
                assertTrue("قوس" in day.text, day.text)
                val set = newcomer.does(PairingEvent.SetMeeting(day.at(10, 30), "کتابخانه"))
                assertEquals(1795512600000, set.meeting.startsAtMs)
                assertEquals("جای: کتابخانه", set.meeting.place?.plain())
                mentor.does(PairingEvent.SetMeeting(START_MS + 3 * DAY_MS, "Café"))
                two.exchange()
                val conflict = newcomer.content { it.meeting.choices.isNotEmpty() }.meeting
                assertEquals("دو وقت برای جلسه نگه داشته شد، چون هر دو بدون ارتباط نوشته شده‌اند. لطفاً یکی را انتخاب کنید.", conflict.conflict)
                assertEquals(conflict.choices.map { it.meeting.startsAtMs }.sorted(), conflict.choices.map { it.meeting.startsAtMs }, "the earliest first")
                assertEquals(2 to conflict.startsAtMs, conflict.choices.size to conflict.choices.single { it.stands != null }.meeting.startsAtMs)
                assertTrue(conflict.choices.any { "نوشتهٔ Олена" in it.text.plain() }, "${conflict.choices}")
                val chosen = conflict.choices.single { it.meeting.place == "Café" }.meeting
                val together = TogetherPresenter(two.newcomer.session, two.newcomer.scope).content().pairings.single()
                assertEquals(conflict.conflict to Tone.ORDINARY, together.line to together.tone)
                val resolved = newcomer.does(PairingEvent.ResolveMeeting(chosen))
                assertTrue(resolved.meeting.conflict == null && resolved.meeting.choices.isEmpty())
                assertTrue(resolved.notice!!.startsWith("تشکر. وقت جلسه: "), resolved.notice)
                two.exchange()
                val after = mentor.content { it.meeting.place?.plain() == "Place: Café" && it.meeting.conflict == null }
                assertEquals(chosen.startsAtMs, after.meeting.startsAtMs)
            }
        }
    }

    @Test fun `roles, goals, milestones, steps, contacts and who hears first`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two ->
                two.join()
                val (mentor, newcomer) = both(two)
                val first = newcomer.content { it.people.size == 2 }
                assertEquals(setOf("Олена" to "رهنما", "شما" to "تازه‌رسیده"), first.people.map { it.name.plain() to it.role }.toSet())
                assertTrue(first.people.single { it.isMe }.name == "شما" && first.people.single { !it.isMe }.hearsFirst)
                assertTrue(first.roles.isEmpty() && first.week != null && first.waiting == null)
                assertEquals(newcomer.content().noGoals, two.newcomer.session.words.say { text("app-goals-none") })

                val goal = newcomer.does(PairingEvent.AddGoal("یک کورس زبان پیدا کنم"))
                assertEquals("هدف نو: یک کورس زبان پیدا کنم", goal.notice?.plain())
                assertTrue(goal.goals.single().isMine && !goal.goals.single().isReached && goal.noGoals == null)
                val done = newcomer.does(PairingEvent.FinishGoal(goal.goals.single().goal))
                assertEquals(true to "به دست آمد", done.goals.single().let { it.isReached to it.standing })
                two.exchange()
                val refused = mentor.content { it.goals.isNotEmpty() }.goals.single()
                val notAllowed = mentor.does(PairingEvent.FinishGoal(refused.goal)).notice
                assertEquals("Your role here does not allow this. Please ask your coordinator.", notAllowed)
                assertTrue(newcomer.does(PairingEvent.WithdrawGoal(refused.goal)).goals.isEmpty())
                assertTrue(mentor.does(PairingEvent.AddGoal(" ")).notice != null, "an empty goal")

                val area = newcomer.content().catalogue.first { it.milestones.any { choice -> choice.value == "first-phone-number" } }
                assertTrue(area.milestones.none { it.chosen })
                val reached = newcomer.does(PairingEvent.ReachMilestone("first-phone-number"))
                assertEquals(1, reached.milestones.size)
                assertTrue(reached.notice!!.plain().startsWith("یک قدم که شایستهٔ خوشی است: "), reached.notice)
                assertTrue(reached.catalogue.flatMap { it.milestones }.single { it.value == "first-phone-number" }.chosen)
                val own = newcomer.does(PairingEvent.ReachOwn("من راه را یافتم")).milestones
                assertTrue(own.any { it.text.plain() == "من راه را یافتم" && it.by == "شما" }, "$own")
                assertTrue(newcomer.does(PairingEvent.ReachMilestone("no-such-victory")).notice != null)

                val step = mentor.content { it.steps.any { step -> step.isMine } }.steps.first { it.isMine }
                assertTrue(step.due.startsWith("By ") && step.role == "Mentor", "$step")
                val completed = mentor.does(PairingEvent.CompleteStep(step.step))
                assertTrue(completed.steps.none { it.step == step.step } && completed.notice == "Done")

                val contact = mentor.does(PairingEvent.LogContact(ContactKind.CALL, HelpKind.EMOTIONAL))
                assertEquals(listOf("Call", "Someone who listens", "You"), contact.contacts.single().let { listOf(it.kind, it.help, it.by) })
                assertEquals("Saved." to null, contact.notice to contact.noContacts)
                val other = contact.people.single { !it.isMe }
                val responder = mentor.does(PairingEvent.SetResponder(other.person))
                assertTrue(responder.people.single { it.hearsFirst }.person == other.person && responder.notice == null)
                assertEquals(4, responder.contactKinds.size)
                assertEquals(HelpKind.entries, responder.helpKinds.map { it.value })
                assertNull(mentor.does(PairingEvent.Dismiss).notice)
                assertEquals(responder.title, mentor.does(PairingEvent.Refresh).title)
            }
        }
    }

    @Test fun `the same pairing in two languages`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay, mentorLanguage = "uk", newcomerLanguage = "ar").use { two ->
                two.join()
                val (mentor, newcomer) = both(two)
                assertEquals("Тиждень 1" to "الأسبوع", mentor.content().week?.plain() to newcomer.content().week?.plain()?.substringBefore(' '))
                val roles = mentor.content().people.single { it.isMe }.role to newcomer.content().people.single { !it.isMe }.role
                assertEquals("Наставник" to "مرشد", roles)
                assertTrue(mentor.content().remark != newcomer.content().remark && mentor.content().remark != null)
            }
        }
    }

    private fun both(two: Two) = PairingPresenter(two.mentor.session, two.pairing, two.mentor.scope) to
        PairingPresenter(two.newcomer.session, two.pairing, two.newcomer.scope)
}

package org.rafiq.presenters

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.Carrier
import org.rafiq.ContactWish
import org.rafiq.Feeling
import org.rafiq.HeldItem
import org.rafiq.HttpCarrier
import org.rafiq.MeteredLine
import org.rafiq.Modality
import org.rafiq.NewCheckIn
import org.rafiq.RafiqException
import org.rafiq.Reach
import org.rafiq.ReportKind
import org.rafiq.SharePairing
import org.rafiq.Standing
import java.io.File
import kotlin.random.Random

/** Inviting, joining and exchanging, over a real relay. */
class ExchangeTest {
    @TempDir lateinit var folder: File

    @Test fun `an invitation is made, read, answered and let in`() = test {
        Relay(folder).use { relay ->
            val clock = HandClock()
            val (olena, amina) = Phone(File(folder, "olena"), clock = clock) to Phone(File(folder, "amina"), clock = clock)
            olena.use { amina.use {
                olena.setUp("Олена", "uk")
                amina.setUp("آمنه", "prs")
                SyncPresenter(olena.session, olena.scope).does(SyncEvent.SetRelay(relay.url))
                val pairing = olena.beginPairing("buddy", "buddy", "Двоє")
                val invite = InvitePresenter(olena.session, pairing.value, olena.scope)
                assertTrue(invite.content().run { text == null && ends == null && reaches.none { it.chosen } && requests.isEmpty() })
                val made = invite.does(InviteEvent.Make(Reach.IN_PERSON))
                assertEquals(Reach.IN_PERSON, made.reaches.single { it.chosen }.value)
                assertTrue(made.ends!!.startsWith("Дійсне до: ") && made.about == "Воно для однієї людини, на один раз.")

                val join = JoinPresenter(amina.session, amina.scope)
                assertFalse(join.content().canAccept)
                val nonsense = join.does(JoinEvent.Read("این دعوت نیست"))
                assertEquals("این دعوت خوانده نشد. لطفاً دوباره اسکن کنید یا دعوت نو بخواهید." to null, nonsense.notice to nonsense.offer)
                val read = join.does(JoinEvent.Read(" ${made.text}\n"))
                assertEquals("این شما را به یک همراهی دعوت می‌کند: Двоє", read.offer?.plain())
                assertTrue("\u2066${relay.url}\u2069" in read.relay!! && read.canAccept && read.notice == null, read.relay)
                assertNull(join.does(JoinEvent.Cancel).offer)
                join.on(JoinEvent.Accept).join()
                assertNull(join.content().done, "nothing was read")
                clock.now += HOUR_MS
                val late = join.does(JoinEvent.Read(made.text!!))
                assertEquals("وقت این گذشته است. لطفاً یک نو بخواهید." to false, late.notice to late.canAccept)
                assertNull(invite.does(InviteEvent.Refresh).text, "an invitation that has ended is not shown")
                assertNull(join.does(JoinEvent.Dismiss).notice)

                val text = invite.does(InviteEvent.Make(Reach.REMOTE)).text!!
                join.does(JoinEvent.Read(text))
                val sent = join.does(JoinEvent.Accept)
                assertTrue(sent.done!!.startsWith("جواب شما با تبادلهٔ بعدی می‌رود.") && !sent.canAccept, sent.done)
                olena.exchange() // the relay learns where answers go
                amina.exchange()
                olena.exchange()
                val today = TodayPresenter(olena.session, olena.scope).content { it.openRequests == 1 }
                val waits = today.requests.single()
                assertEquals(listOf("Двоє", "1 людина просить її впустити"), listOf(waits.title.plain(), waits.text.plain()))
                assertEquals(Place.Invite(pairing.value), waits.leadsTo)
                val request = invite.content { it.requests.isNotEmpty() }.requests.single()
                assertEquals("آمنه просить впустити.", request.text.plain())
                val waiting = TogetherPresenter(olena.session, olena.scope).content { it.requests.isNotEmpty() }.requests.single()
                assertEquals("آمنه просить впустити: Двоє" to Place.Invite(pairing.value), waiting.text.plain() to waiting.leadsTo)
                val admitted = invite.does(InviteEvent.Admit(request.request))
                assertTrue(admitted.requests.isEmpty() && admitted.notice!!.plain().startsWith("آمنه: доступ надано."), admitted.notice)
                assertTrue(invite.does(InviteEvent.Decline(request.request)).notice != admitted.notice, "it was answered already")
                assertNull(invite.does(InviteEvent.Dismiss).notice)
                olena.exchange()
                amina.exchange()
                val arrived = TogetherPresenter(amina.session, amina.scope).content { it.pairings.isNotEmpty() }
                assertEquals("شما کدام نقش را می‌گیرید؟" to Tone.ORDINARY, arrived.pairings.single().run { line to tone })
                join.does(JoinEvent.Read(text))
                assertEquals("شما از پیش اینجا هستید.", join.does(JoinEvent.Accept).done)
                val nowhere = InvitePresenter(amina.session, "nowhere", amina.scope).until { it != UiState.Loading }
                assertTrue(nowhere is UiState.Failed)
            } }
        }
    }

    @Test fun `somebody is not let in, and a directory is read by whoever sees its invitation`() = test {
        Relay(folder).use { relay ->
            Phone(File(folder, "olena")).use { olena -> Phone(File(folder, "amina")).use { amina ->
                olena.setUp("Olena", "en")
                amina.setUp("Amina", "en")
                SyncPresenter(olena.session, olena.scope).does(SyncEvent.SetRelay(relay.url))
                val group = olena.foundGroup()
                val invite = InvitePresenter(olena.session, group.value, olena.scope)
                val join = JoinPresenter(amina.session, amina.scope)
                join.does(JoinEvent.Read(invite.does(InviteEvent.Make(Reach.REMOTE)).text!!))
                assertEquals("This invites you to a group: Neighbours", join.content().offer?.plain())
                join.does(JoinEvent.Accept)
                olena.exchange()
                amina.exchange()
                olena.exchange()
                val declined = invite.does(InviteEvent.Decline(invite.content { it.requests.isNotEmpty() }.requests.single().request))
                assertEquals("Amina is not let in.", declined.notice?.plain())
                assertTrue(declined.requests.isEmpty())

                val space = olena.session.rafiq.directory.found("Port Alder", 30).space
                olena.session.rafiq.directory.importPath(space, File("../../tests/samples/directory/services.json").path)
                val read = InvitePresenter(olena.session, space, olena.scope)
                assertEquals("Anyone who sees it can read this directory.", read.content().about)
                join.does(JoinEvent.Read(read.does(InviteEvent.Make(Reach.REMOTE)).text!!))
                assertEquals("This lets you read a directory: Port Alder", join.content().offer?.plain())
                assertEquals("The directory comes with the next exchange.", join.does(JoinEvent.Accept).done)
                olena.exchange()
                amina.exchange()
                val found = SearchPresenter(amina.session, amina.scope).content { it.hits.isNotEmpty() }
                assertEquals("Port Alder", found.directories.single().name.plain())
                val place = found.hits.first().leadsTo as Place.Service
                ServicePresenter(amina.session, place.space, place.id, amina.scope).does(ServiceEvent.Report(ReportKind.CLOSED, "For weeks"))
                amina.exchange()
                olena.exchange()
                assertEquals(ReportKind.CLOSED to "For weeks", olena.session.rafiq.directory.reports().single().run { kind to note })
            } }
        }
    }

    @Test fun `what is saved is saved, however soon somebody turns away`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Amina", "en")
            repeat(50) { round ->
                val screen = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                val sync = SyncPresenter(phone.session, screen) // looks for the first time just now: the event waits for its turn
                val saved = sync.on(SyncEvent.SetRelay("https://relay.example/$round"))
                screen.cancel()
                saved.join()
                assertEquals("https://relay.example/$round", phone.session.rafiq.sync.homeRelay())
            }
        }
    }

    @Test fun `how an exchange stands, with and without a relay and a line`() = test {
        Relay(folder).use { relay ->
            var line: Carrier = HttpCarrier()
            Phone(File(folder, "profile"), carrier = { line.carry(it) }).use { phone ->
                phone.setUp("آمنه", "prs")
                val sync = SyncPresenter(phone.session, phone.scope)
                val first = sync.content()
                assertEquals("هنوز هیچ تبادله‌ای نشده است.", first.last)
                assertEquals("هنوز سرور واسطه تعیین نشده است. دعوت آن را با خود می‌آورد.", first.noRelay)
                assertEquals(null to false, first.bytes to first.running)
                assertEquals(first.noRelay, sync.does(SyncEvent.ExchangeNow).notice)
                val refused = sync.does(SyncEvent.SetRelay("ftp://x"))
                assertEquals("این نشانی سرور واسطه را نمی‌توان استفاده کرد. باید با http:// یا https:// آغاز شود.", refused.notice?.plain())
                assertEquals(relay.url, sync.does(SyncEvent.SetRelay(" ${relay.url} ")).relay)
                phone.beginPairing("buddy", "buddy", "دو نفر")
                assertTrue(sync.content { it.noRelay == null && it.waiting.startsWith("\u2068") }.waiting.plain().endsWith("تغییر منتظر ارتباط است."))

                relay.close()
                val offline = sync.does(SyncEvent.ExchangeNow)
                assertEquals("ارتباط نیست. می‌توانید به کار خود ادامه بدهید؛ همه چیز در این دستگاه ذخیره می‌شود.", offline.notice)
                assertTrue(!offline.running && offline.relay == relay.url, "what is shown stays")
                relay.restart()
                line = Carrier { "a portal's page".encodeToByteArray() }
                assertEquals("ارتباط قطع شد. آنچه رسیده، نگه داشته شد و باقی آن بار دیگر می‌رسد.", sync.does(SyncEvent.ExchangeNow).notice)
                line = Carrier { error("a carrier's own mistake") }
                assertEquals("ارتباط قطع شد. آنچه رسیده، نگه داشته شد و باقی آن بار دیگر می‌رسد.", sync.does(SyncEvent.ExchangeNow).notice)
                line = Carrier { throw RafiqException.Host("relay-503") }
                assertTrue(sync.does(SyncEvent.ExchangeNow).notice!!.startsWith("سرور واسطه اکنون جواب داده نمی‌تواند."))

                val (asked, answer) = CompletableDeferred<Unit>() to CompletableDeferred<Unit>()
                line = Carrier {
                    asked.complete(Unit)
                    answer.await()
                    HttpCarrier().carry(it)
                }
                val running = sync.on(SyncEvent.ExchangeNow)
                asked.await()
                val far = sync.content { it.running }
                assertTrue(far.notice == null && far.progress.single().plain().startsWith("دو نفر: "), "${far.progress}")
                sync.on(SyncEvent.ExchangeNow).join()
                assertTrue(sync.does(SyncEvent.Refresh).running, "other events have their turn meanwhile, and one exchange is enough")
                answer.complete(Unit)
                running.join()
                val done = sync.content()
                assertEquals("همه چیز تازه است." to "همه چیز تازه است.", done.notice to done.waiting)
                assertEquals(emptyList<String>(), done.progress)
                assertTrue(done.last.startsWith("آخرین تبادله: ") && done.bytes!!.contains("کیلوبایت") && !done.running, "$done")
                assertNull(sync.does(SyncEvent.Dismiss).notice)
            }
        }
    }

    @Test fun `whose phone is waited for, and what stands aside meanwhile`() = test {
        Relay(folder).use { relay ->
            val clock = HandClock()
            val phones = listOf("Maria" to "en", "آمنه" to "prs", "Олена" to "uk").map { (name, language) ->
                Phone(File(folder, language), clock = clock).setUp(name, language)
            }
            val (maria, amina, olena) = phones
            SyncPresenter(maria.session, maria.scope).does(SyncEvent.SetRelay(relay.url))
            val group = maria.foundGroup()
            invite(maria, amina, group.value)
            invite(maria, olena, group.value)
            repeat(2) { phones.forEach { it.exchange() } }
            val aminas = GroupPresenter(amina.session, group, amina.scope)
            val session = aminas.does(GroupEvent.Schedule(START_MS + HOUR_MS, "", Modality.REMOTE)).sessions.single().session
            amina.exchange()
            maria.exchange()
            relay.forget() // what Amina sent is gone from the line
            val marias = GroupPresenter(maria.session, group, maria.scope)
            marias.content { it.sessions.isNotEmpty() }
            marias.does(GroupEvent.AddPerson("Ахмад", "prs")) // can be taken in without what Amina sent, and tells of it
            maria.exchange()
            marias.does(GroupEvent.Move(session, START_MS + 2 * HOUR_MS)) // can not
            repeat(2) { listOf(maria, olena).forEach { it.exchange() } }
            val shown = SyncPresenter(olena.session, olena.scope).content()
            assertEquals(listOf("Чекаємо на телефон: آمنه"), shown.waitingFor.map { it.plain() })
            assertEquals(listOf("Чекає на те, що ще не надійшло."), shown.held.map { it.text })
            assertTrue(shown.held.single().reason.isNotEmpty() && shown.held.single().at.isNotEmpty())
            relay.forget() // so that all of it comes again
            maria.exchange()
            assertEquals("Нічого нового.", olena.exchange(), "what is known, or waits, is no change")
            phones.forEach { it.close() }
        }
    }

    @Test fun `a steward keeps what somebody wrote who did not know yet that they were taken out`() = test {
        Relay(folder).use { relay ->
            val clock = HandClock()
            val phones = listOf("Maria" to "en", "آمنه" to "prs", "Олена" to "uk").map { (name, language) ->
                Phone(File(folder, language), clock = clock).setUp(name, language)
            }
            val (maria, amina, olena) = phones
            SyncPresenter(maria.session, maria.scope).does(SyncEvent.SetRelay(relay.url))
            val group = maria.foundGroup()
            invite(maria, amina, group.value)
            invite(maria, olena, group.value)
            repeat(2) { phones.forEach { it.exchange() } }
            GroupPresenter(amina.session, group, amina.scope).does(GroupEvent.Schedule(START_MS + HOUR_MS, "", Modality.REMOTE))
            amina.exchange()
            maria.session.rafiq.sharing.remove(group.value, amina.session.me)
            repeat(2) { listOf(maria, olena).forEach { it.exchange() } }
            val (marias, olenas) = listOf(maria, olena).map { SyncPresenter(it.session, it.scope) }
            val shown = marias.content()
            val work = shown.work.single()
            assertEquals("1 contribution by آمنه is kept aside" to "Neighbours", work.text.plain() to work.title.plain())
            assertTrue(work.canKeep && work.about.startsWith("It came after they had been taken out") && work.at.isNotEmpty())
            assertEquals(emptyList<HeldRow>(), shown.held, "said once is enough")
            val seen = olenas.content().work.single()
            assertEquals("Відкладено 1 внесок: آمنه" to false, seen.text.plain() to seen.canKeep)
            assertTrue(olenas.does(SyncEvent.Keep(group.value, seen.person)).run { notice != null && this.work.size == 1 }, "only a steward")

            // Behind many older items it is not among those that are listed; one space that cannot be read hides no other.
            val other = maria.beginPairing("buddy", "buddy", "Two")
            val whose = marias.heldWork
            marias.heldItems = { listOf(HeldItem("1", "fork", Standing.REFUSED, 2, START_MS), HeldItem("2", "chain", Standing.REFUSED, 2, START_MS)) }
            marias.heldWork = { space -> if (space.id == other.value) throw RafiqException.Corrupt() else whose(space) }
            val broken = marias.does(SyncEvent.Refresh)
            assertEquals(listOf("What stands aside in “Two” cannot be read now. Everything else is shown."), broken.unread.map { it.plain() })
            assertEquals(listOf(work), broken.work)
            val (fork, refused) = broken.held.map { it.text }
            assertTrue(fork.startsWith("A phone was put back to an earlier copy") && refused.startsWith("Was refused"), fork)
            marias.heldWork = { throw RafiqException.StorageFull() }
            assertTrue(marias.does(SyncEvent.Refresh).run { notice != null && this.work == listOf(work) }, "what is wrong with the whole is said as ever")
            marias.heldWork = whose
            assertEquals(emptyList<String>(), marias.does(SyncEvent.Refresh).unread)

            val meetings = GroupPresenter(maria.session, group, maria.scope)
            assertEquals(0, meetings.content().sessions.size)
            val kept = marias.does(SyncEvent.Keep(group.value, work.person))
            assertEquals("Taken in. The others get it with the next exchange." to 0, kept.notice to kept.work.size)
            meetings.content { it.sessions.size == 1 }
            repeat(2) { listOf(maria, olena).forEach { it.exchange() } }
            olenas.content { it.work.isEmpty() && it.held.isEmpty() }
            GroupPresenter(olena.session, group, olena.scope).content { it.sessions.size == 1 }
            assertTrue(marias.does(SyncEvent.Keep(group.value, work.person)).notice != kept.notice, "nothing is aside any more")
            phones.forEach { it.close() }
        }
    }

    @Test fun `what is large waits for a line that does not cost, until somebody says otherwise`() = test {
        Relay(folder).use { relay ->
            Phone(File(folder, "olena"), metered = { true }).use { olena -> Phone(File(folder, "amina")).use { amina ->
                olena.setUp("Olena", "en")
                amina.setUp("Amina", "en")
                val sync = SyncPresenter(olena.session, olena.scope)
                sync.does(SyncEvent.SetRelay(relay.url))
                val pairing = olena.beginPairing("buddy", "buddy", "Two")
                invite(olena, amina, pairing.value)
                assertTrue(sync.does(SyncEvent.Refresh).run { unmetered == null && metered.isEmpty() }, "nothing is large: nobody is asked")
                val letters = Random(7)
                repeat(40) {
                    val note = String(CharArray(1_900) { 'a' + letters.nextInt(26) })
                    olena.session.rafiq.checkIns.record(NewCheckIn(Feeling.GOOD, contact = ContactWish.NO, share = SharePairing(pairing.value), note = note))
                }
                sync.on(SyncEvent.ExchangeNow).join()
                val waits = sync.content { it.unmetered != null }
                assertTrue(Regex("\\d+ KB wait for a line that does not cost by the amount, such as Wi-Fi\\.").matches(waits.unmetered!!.plain()), waits.unmetered)
                assertEquals(listOf(MeteredLine.WAIT to false, MeteredLine.USE to false), waits.metered.map { it.value to it.chosen })
                val said = sync.does(SyncEvent.SetMetered(MeteredLine.USE))
                assertEquals("Yes, everything may go" to "Saved.", said.metered.single { it.chosen }.text to said.notice)
                sync.on(SyncEvent.ExchangeNow).join()
                assertTrue(sync.content { it.unmetered == null }.metered.isNotEmpty(), "whoever has said so may say otherwise")
                amina.exchange()
                CheckInsPresenter(amina.session, amina.scope).content { content -> content.checkIns.size == 20 && content.checkIns.all { it.note.length == 1_900 } }
            } }
        }
    }
}

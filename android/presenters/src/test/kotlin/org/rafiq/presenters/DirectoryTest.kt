package org.rafiq.presenters

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.Channel
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.ReportKind
import org.rafiq.callsToCore
import java.io.File

/** Looking for a service, and reading about it. */
class DirectoryTest {
    @TempDir lateinit var folder: File

    private suspend fun Phone.import(): String {
        val space = session.rafiq.directory.found("Port Alder", 30).space
        val sample = File(System.getProperty("basedir") ?: ".", "../../tests/samples/directory/services.json")
        assertEquals(28, session.rafiq.directory.importPath(space, sample.path).services)
        return space
    }

    @Test fun `no directory, then one to browse and to search`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Amina", "en")
            val search = SearchPresenter(phone.session, phone.scope)
            val none = search.until { it != UiState.Loading }
            assertEquals(UiState.Empty("There is no directory here yet. You can join one with an invitation."), none)
            phone.import()
            val browsed = search.content { it.hits.isNotEmpty() && it.directories[0].services.plain() == "28 services" }
            assertEquals("Port Alder" to null, browsed.directories.single().name.plain() to browsed.count)
            assertTrue(browsed.hits.size == 25 && browsed.hasMore)
            val more = search.does(SearchEvent.More)
            assertTrue(more.hits.size == 28 && !more.hasMore)
            val closed = more.hits.mapNotNull { it.closed }
            assertEquals(setOf("Closed for now", "No longer open"), closed.toSet())
            search.on(SearchEvent.Search("dent")).join()
            val found = search.content()
            assertEquals("dent" to "Dental care without insurance", found.query to found.hits.first().name.plain())
            assertTrue(found.hits[0].freshness.startsWith("Checked on ") && !found.searching, found.hits[0].freshness)
            val paused = found.hits.first().leadsTo as Place.Service
            val service = ServicePresenter(phone.session, paused.space, paused.id, phone.scope).content()
            assertEquals("Closed for now" to "Closed while the rooms are repaired.", service.closed to service.alert)
            assertTrue(service.main == null && service.phones.isNotEmpty(), "nobody is led to call where it is closed")
            val open = more.hits.first { it.closed == null }.leadsTo as Place.Service
            assertTrue(ServicePresenter(phone.session, open.space, open.id, phone.scope).content().run { main == phones.find { it.dial.isNotEmpty() } })
            search.on(SearchEvent.Search("xyzzy")).join()
            assertEquals("Nothing was found. Try another word.", search.content().count)
            search.on(SearchEvent.Search(" ")).join()
            assertEquals(null to 25, search.content().let { it.count to it.hits.size })
            assertEquals(25, search.does(SearchEvent.Refresh).hits.size)
            assertNull(search.does(SearchEvent.Dismiss).notice)
        }
    }

    @Test fun `newer words cancel older ones`() = test {
        val pauses = Channel<CompletableDeferred<Unit>>(Channel.UNLIMITED)
        val waited = ArrayList<Long>()
        val phone = Phone(File(folder, "profile"), pause = { ms ->
            waited += ms
            CompletableDeferred<Unit>().also { pauses.send(it) }.await()
        })
        phone.use {
            phone.setUp("Amina", "en")
            phone.import()
            val search = SearchPresenter(phone.session, phone.scope)
            search.content()
            val before = callsToCore.get()
            val jobs = listOf("d", "de", "dent").map { search.on(SearchEvent.Search(it)) }
            val ends = List(3) { pauses.receive() }
            assertEquals("dent" to true, search.content().let { it.query to it.searching })
            assertEquals(0, callsToCore.get() - before, "nothing is looked for while somebody types")
            ends.forEach { it.complete(Unit) }
            jobs.forEach { it.join() }
            val found = search.content()
            assertEquals("dent" to "Dental care without insurance", found.query to found.hits.first().name.plain())
            assertEquals(3, callsToCore.get() - before, "one list, one search, one call for the words")
            assertEquals(listOf(150L, 150L, 150L), waited)
        }
    }

    @Test fun `a service in one's own language, or saying that it is not`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("آمنه", "ar")
            val space = phone.import()
            val search = SearchPresenter(phone.session, phone.scope)
            search.content { it.hits.isNotEmpty() }
            search.on(SearchEvent.Search("clinic")).join()
            val place = search.content().hits.first().leadsTo as Place.Service
            val service = ServicePresenter(phone.session, place.space, place.id, phone.scope)
            val shown = service.content()
            assertNull(shown.descriptionRemark)
            assertEquals("0808 157 0131", shown.phones[0].number.plain())
            assertTrue(shown.phones[0].call.contains("\u20660808 157 0131\u2069") && shown.phones[0].dial == "08081570131", "${shown.phones}")
            assertEquals("الاثنين: 08:00 – 18:00", shown.hours[0].plain())
            assertEquals(5, shown.hours.size)
            assertTrue(shown.places.isNotEmpty() && shown.sections.isNotEmpty() && shown.languages.isNotEmpty())
            assertEquals(3, shown.reports.size)
            val told = service.does(ServiceEvent.Report(ReportKind.WRONG_NUMBER, "رقم آخر"))
            assertEquals(phone.session.words.say { text("directory-report-thanks") }, told.notice)
            assertTrue(service.does(ServiceEvent.Report(ReportKind.OTHER, "x".repeat(501))).notice != told.notice)
            assertNull(service.does(ServiceEvent.Dismiss).notice)
            assertEquals(shown.name, service.does(ServiceEvent.Refresh).name)

            ProfilePresenter(phone.session, phone.scope).on(ProfileEvent.ChooseLanguage("prs")).join()
            val remarks = phone.session.rafiq.directory.browse(space, 100).items.map {
                ServicePresenter(phone.session, space, it.id, phone.scope).content().descriptionRemark
            }
            assertEquals(setOf(null, "هنوز به زبان شما نیست."), remarks.toSet(), "some are in Dari, some are not")
            val nowhere = ServicePresenter(phone.session, space, "nowhere", phone.scope).until { it != UiState.Loading }
            assertEquals(UiState.Failed("این دیگر اینجا نیست. شاید جابه‌جا یا پاک شده باشد.", canRetry = false), nowhere)
        }
    }
}

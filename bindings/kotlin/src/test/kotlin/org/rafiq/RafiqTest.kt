package org.rafiq

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.fail
import org.junit.jupiter.api.io.TempDir
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.net.ServerSocket
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread

/** The Kotlin wrapper against the real library. */
class RafiqTest {
    @TempDir lateinit var folder: File

    /** A platform key of one byte: enough to tell one platform from another. */
    private class MaskVault(private var key: Int? = 7) : KeyVault {
        override fun wrap(secret: ByteArray) = (key ?: throw KeyGone()).let { key -> ByteArray(secret.size) { (secret[it].toInt() xor key).toByte() } }
        override fun unwrap(wrapped: ByteArray) = wrap(wrapped)
        override fun delete() { key = null }
    }

    private val sample = File(System.getProperty("basedir") ?: ".", "../../tests/samples/directory/services.json")

    private class Pieces(private val content: ByteArray, private val fail: Throwable? = null) : ByteSource {
        private var at = 0
        override fun read(max: Int): ByteArray {
            fail?.let { throw it }
            return content.copyOfRange(at, minOf(at + max, content.size)).also { at += it.size }
        }
    }

    private suspend fun open(name: String = "profile", vault: KeyVault = MaskVault(), random: HostRandom? = null, clock: HostClock? = null) =
        Rafiq.open(File(folder, name), vault, random = random, clock = clock).also { it.people.setMe(NewMe("آمنه", "prs")) }

    private fun checkIn(note: String = "") =
        NewCheckIn(Feeling.GOOD, listOf(HelpKind.PRACTICAL), ContactWish.NO, SharePrivate, note)

    private suspend fun Rafiq.notes() = checkIns.list(CheckInFilter(), 100).items.map { it.note }

    private inline fun <reified T : Throwable> throws(work: () -> Unit): T {
        try { work() } catch (error: Throwable) { return error as? T ?: throw error }
        fail("nothing was thrown")
    }

    private fun test(work: suspend kotlinx.coroutines.CoroutineScope.() -> Unit) = runBlocking { withTimeout(60_000) { work() } }

    @Test fun `what is written is there again and encrypted`() = test {
        val kept = open().use { it.checkIns.record(checkIn("سلام 😀")) }
        assertEquals(listOf("آمنه", listOf(HelpKind.PRACTICAL), true), listOf(kept.name, kept.helps, kept.isMine))
        Rafiq.open(File(folder, "profile"), MaskVault()).use { assertEquals(listOf(kept), it.checkIns.list(CheckInFilter(), 100).items) }
        for (file in File(folder, "profile").listFiles()!!) assertFalse("سلام" in file.readBytes().decodeToString())
    }

    @Test fun `lists come in pages`() = test {
        open().use { rafiq ->
            repeat(5) { rafiq.checkIns.record(checkIn("$it")) }
            val page = rafiq.checkIns.list(CheckInFilter(), 3)
            val rest = rafiq.checkIns.list(CheckInFilter(), 3, page.next)
            assertEquals(listOf(3, 2, null), listOf(page.items.size, rest.items.size, rest.next))
            val error = throws<RafiqException.Invalid> { rafiq.checkIns.list(CheckInFilter(), 0) }
            assertEquals("limit" to "range", error.field to error.reason)
        }
    }

    @Test fun `changes are merged however slow the collector`() = test {
        open().use { rafiq ->
            val heard = CopyOnWriteArrayList<Changed>()
            val (started, goOn) = Channel<Unit>(1) to Channel<Unit>()
            val collector = launch(Dispatchers.Default) {
                rafiq.changes().collect { changed ->
                    heard += changed
                    started.trySend(Unit)
                    goOn.receive()
                }
            }
            while (heard.isEmpty()) { // until the collector listens
                rafiq.checkIns.record(checkIn())
                delay(5)
            }
            started.receive()
            val kept = (1..3).map { "check-in/" + rafiq.checkIns.record(checkIn("$it")).id.value }
            goOn.send(Unit)
            started.receive()
            assertTrue(heard.last().keys.containsAll(kept), "three writes in one element")
            repeat(101) { rafiq.checkIns.record(checkIn("$it")) }
            goOn.send(Unit)
            started.receive()
            assertEquals(Changed("check_ins", emptyList()), heard.last(), "too many to name")
            collector.cancelAndJoin()
            val count = heard.size
            rafiq.checkIns.record(checkIn("after"))
            delay(30)
            assertEquals(count, heard.size)
        }
    }

    @Test fun `watch asks again after every change and only tells what differs`() = test {
        open().use { rafiq ->
            val seen = Channel<List<String>>(Channel.UNLIMITED)
            val watching = launch(Dispatchers.Default) { rafiq.watch { notes() }.collect { seen.send(it) } }
            assertEquals(emptyList<String>(), seen.receive())
            rafiq.checkIns.record(checkIn("one"))
            assertEquals(listOf("one"), seen.receive())
            rafiq.people.setMe(NewMe("Amina", "en"))
            delay(30)
            assertTrue(seen.isEmpty)
            watching.cancelAndJoin()
            assertEquals(listOf(listOf("one")), rafiq.watch { notes() }.take(1).toList())
        }
    }

    @Test fun `a panic is an error and the object still works`() = test {
        open().use { rafiq ->
            rafiq.checkIns.record(checkIn("before"))
            repeat(2) { assertEquals("panic_for_tests", throws<RafiqException.Bug> { rafiq.panicForTests() }.place) }
            rafiq.checkIns.record(checkIn("after"))
            assertEquals(listOf("after", "before"), rafiq.notes().sorted())
        }
    }

    @Test fun `closed, suspended and in use`() = test {
        val rafiq = open()
        throws<RafiqException.InUse> { open() }
        rafiq.suspend()
        throws<RafiqException.Closed> { rafiq.notes() }
        rafiq.resume()
        assertEquals(emptyList<String>(), rafiq.notes())
        val collecting = async { runCatching { rafiq.changes().first() } }
        delay(50)
        rafiq.close()
        rafiq.close()
        throws<RafiqException.Closed> { rafiq.notes() }
        throws<RafiqException.Closed> { rafiq.resume() }
        throws<RafiqException.Closed> { rafiq.checkIns.record(checkIn()) }
        throws<RafiqException.Closed> { rafiq.watch { notes() }.first() }
        collecting.cancelAndJoin() // ends cleanly though its profile is gone
        open().close()
    }

    @Test fun `an object that nobody closes is freed`() = test {
        var rafiq: Rafiq? = open("forgotten")
        rafiq!!.notes()
        rafiq = null
        for (attempt in 1..100) { // the collector gives the folder free
            System.gc()
            delay(20)
            if (runCatching { open("forgotten").close() }.isSuccess) return@test
        }
        fail("still in use")
    }

    @Test fun `wrong passphrase is said in Dari and wrong keys are told apart`() = test {
        val locked = File(folder, "locked")
        Rafiq.open(locked, MaskVault(), "correct horse battery staple").close()
        assertEquals(ProfileNeedsPassphrase, Rafiq.inspect(locked, MaskVault()))
        throws<RafiqException.Locked> { Rafiq.open(locked, MaskVault()) }
        val wrong = throws<RafiqException.WrongPassphrase> { Rafiq.open(locked, MaskVault(), "correct horse battery stable") }
        val said = Language("prs").errorText(wrong)
        assertEquals("رمز درست نیست. هیچ چیز گم نشده است؛ لطفاً دوباره کوشش کنید.", said.text)
        assertEquals("prs" to false, said.language to said.fallback)
        open("plain").close()
        for (key in listOf(8, null)) throws<RafiqException.KeyLost> { Rafiq.open(File(folder, "plain"), MaskVault(key)) }
        open("other").close()
        val other = File(folder, "other").listFiles()!!.single { it.readBytes().decodeToString().startsWith("RAFIQKEY") }
        other.copyTo(File(folder, "plain/${other.name}"), overwrite = true)
        throws<RafiqException.WrongKey> { Rafiq.open(File(folder, "plain"), MaskVault()) }
    }

    @Test fun `every error has a sentence`() {
        val all = RafiqException::class.java.declaredClasses.filter { RafiqException::class.java.isAssignableFrom(it) }
        assertEquals(18, all.size)
        val errors = all.map { variant ->
            val constructor = variant.declaredConstructors.minBy { it.parameterCount }
            constructor.newInstance(*constructor.parameterTypes.map<Class<*>, Any> { when (it) { String::class.java -> "x"; Long::class.java -> 60L; else -> 1 } }.toTypedArray<Any>()) as RafiqException
        }
        for (info in Language.available()) for (error in errors) assertTrue(Language(info.tag).errorText(error).text.isNotEmpty())
    }

    @Test fun `a directory from bytes, and a source that throws`() = test {
        open().use { rafiq ->
            val space = rafiq.directory.found("Sample", 30).space
            for (thrown in listOf(HostFailed("no card"), IllegalStateException("secret"))) {
                val report = rafiq.directory.importSource(space, "card", Pieces(ByteArray(0), thrown))
                assertEquals(listOf("card" to "unreadable"), report.errors.map { it.file to it.problem })
                assertFalse("secret" in report.toString())
            }
            val stops = object : ProgressListener { override fun report(done: Long, total: Long) = false }
            throws<RafiqException.Cancelled> { rafiq.directory.importPath(space, sample.path, stops) }
            val report = rafiq.directory.importSource(space, "services.json", Pieces(sample.readBytes()))
            assertEquals(emptyList<RowProblem>(), report.errors)
            assertTrue(report.services >= 20)
            assertEquals(0, rafiq.directory.importPath(space, sample.path).changed)
            val hit = rafiq.directory.browse(space, 100).items.first()
            assertEquals(hit.id, rafiq.directory.service(space, hit.id, "uk").id)
        }
    }

    @Test fun `a bundle is written, carried and read again`() = test {
        val (card, onward) = File(folder, "card") to File(folder, "onward")
        open().use { writer ->
            writer.directory.found("Port Alder", 20).let { writer.directory.importPath(it.space, sample.path) }
            val space = writer.sharing.spaces().single().id
            val written = writer.sync.writeBundle(card, listOf(space))
            assertEquals(card.length(), written.bytes)
            assertEquals(BundleWritten(0, written.envelopes, card.length()), writer.sync.writeBundle(card))
            val stream = ByteArrayOutputStream()
            assertEquals(written, writer.sync.writeBundle(stream))
            assertArrayEquals(card.readBytes(), stream.toByteArray())
            assertEquals(written.envelopes, writer.readBundle(card).known)
            open("courier").use { courier ->
                assertEquals(Carried(0, 0, 0), courier.sync.carried())
                assertEquals(written.envelopes, courier.readBundle(card).left)
                courier.sync.carry(1 shl 20)
                val report = courier.readBundle(card.inputStream())
                assertEquals(BundleReport(0, 0, 0, written.envelopes, 0, emptyList()), report)
                assertEquals(written.envelopes, courier.sync.carried().envelopes)
                assertEquals(written.envelopes, courier.sync.writeBundle(onward, carried = true).envelopes)
            }
            val cut = onward.readBytes().let { it.copyOf(it.size - 1) }
            val damage = writer.readBundle(cut.inputStream()).damaged.single()
            assertEquals(Damage(Damaged.CUT, cut.size.toLong()), damage)
            assertEquals("bundle-damaged-cut", damage.what.textId)
            val pulled = object : OutputStream() {
                override fun write(byte: Int) = throw IOException("a card's name")
            }
            assertEquals("sink", throws<RafiqException.Host> { writer.sync.writeBundle(pulled) }.reason)
            val unreadable = object : InputStream() {
                override fun read(): Int = throw IOException("a card's name")
            }
            assertEquals(listOf(Damage(Damaged.UNREADABLE, 0)), writer.readBundle(unreadable).damaged)
            val photograph = "a photograph".byteInputStream()
            val refused = throws<RafiqException.Invalid> { writer.readBundle(photograph) }
            assertEquals("file" to "not-a-bundle", refused.field to refused.reason)
            throws<RafiqException.NotFound> { writer.readBundle(File(folder, "nowhere")) }
            throws<RafiqException.Invalid> { writer.sync.carry(-1) }
        }
    }

    @Test fun `a host that fails`() = test {
        val noVault = object : KeyVault {
            override fun wrap(secret: ByteArray): ByteArray = throw HostFailed("secure element busy")
            override fun unwrap(wrapped: ByteArray): ByteArray = throw HostFailed("secure element busy")
            override fun delete() = Unit
        }
        throws<RafiqException.Host> { open("refused", noVault) }
        throws<RafiqException.Host> { open("refused", random = object : HostRandom { override fun bytes(count: Int) = ByteArray(1) }) }
        open("clock", clock = object : HostClock { override fun nowMs(): Long = error("no clock") }).use {
            assertTrue(it.checkIns.record(checkIn()).atMs > 1_700_000_000_000)
        }
    }

    @Test fun `relay_down, relay_slow and no relay at all`() = test {
        open().use { rafiq ->
            rafiq.sync.setHomeRelay("http://127.0.0.1:9")
            rafiq.mentoring.begin(NewPairing("buddy", "buddy", "Two"))
            assertEquals("no-connection", throws<RafiqException.Host> { rafiq.exchange() }.reason)
            throws<RafiqException.Invalid> { rafiq.exchange(carrier = { "no answer of a relay".encodeToByteArray() }) }
            ServerSocket(0).use { silent -> // accepts and says nothing
                val accepted = CopyOnWriteArrayList<Any>() // held, or the collector closes them
                val accepting = thread(isDaemon = true) { runCatching { while (true) accepted += silent.accept() } }
                val exchange = Exchange("http://127.0.0.1:${silent.localPort}", ByteArray(3))
                assertEquals("no-connection", throws<RafiqException.Host> { HttpCarrier(readMs = 100).carry(exchange) }.reason)
                val slow = launch { HttpCarrier().carry(exchange) }
                delay(100)
                withTimeout(5_000) { slow.cancelAndJoin() }
                silent.close()
                accepting.join(5_000)
            }
            assertEquals(1, rafiq.mentoring.list().size)
            // What waits here is known, and nothing of it has gone.
            val place = rafiq.sync.progress().single()
            assertEquals("http://127.0.0.1:9" to rafiq.mentoring.list().single().id.value, place.relay to place.space)
            assertTrue(place.doneBytes == 0L && place.totalBytes > 500 && place.unmeteredBytes == 0L)
        }
    }

    @Test fun `a recovery kit`() = test {
        open().use { rafiq ->
            assertNull(rafiq.recovery.kit())
            throws<RafiqException.Invalid> { rafiq.recovery.makeKit() } // there is no relay to keep anything for it
            rafiq.sync.setHomeRelay("http://127.0.0.1:9")
            val words = rafiq.recovery.makeKit().use { made ->
                assertEquals("http://127.0.0.1:9", made.relay())
                assertFalse(made.words().take(8) in made.toString())
                made.words()
            }
            assertEquals(12, words.split(" ").size)
            Recovery.check(words)
            assertEquals("count", throws<RafiqException.Invalid> { Recovery.check("legal winner") }.reason)
            assertEquals(listOf("abandon"), Recovery.wordsBeginning("aban"))
            assertEquals("http://127.0.0.1:9" to false, rafiq.recovery.kit()?.let { it.relay to it.ready })
            Rafiq.open(File(folder, "new"), MaskVault()).use { new ->
                throws<RafiqException.Host> { new.recover(words, "http://127.0.0.1:9") }
                throws<RafiqException.Invalid> { new.recover(words, "http://127.0.0.1:9") { "no answer of a relay".encodeToByteArray() } }
                assertFalse(new.recovery.isReading())
                assertNull(new.people.me())
            }
        }
    }

    @Test fun `a line that costs`() = test {
        open().use { rafiq ->
            assertEquals(null to 0L, rafiq.sync.status().let { it.meteredLine to it.unmeteredBytes }, "nobody was asked")
            for (choice in MeteredLine.entries.reversed()) {
                rafiq.sync.setMeteredLine(choice)
                assertEquals(choice to choice, rafiq.sync.meteredLine() to rafiq.sync.status().meteredLine)
            }
            rafiq.sync.setHomeRelay("http://127.0.0.1:9")
            throws<RafiqException.Host> { rafiq.exchange(budget = Budget(128L * 1024, metered = true)) }
        }
    }

    @Test fun `several profiles`() = test {
        val root = File(folder, "device")
        assertTrue(Rafiq.profiles(root).isEmpty())
        val places = List(2) { Rafiq.newProfile(root) }
        for (place in places) Rafiq.open(File(place.folder)).use { it.people.setMe(NewMe(name = place.id, language = "uk")) }
        assertEquals(places.sortedBy { it.id }, Rafiq.profiles(root))
        Rafiq.wipe(File(places[0].folder))
        assertEquals(listOf(places[1].id), Rafiq.profiles(root).map { it.id })
        Rafiq.open(File(places[1].folder)).use { assertEquals(places[1].id, it.people.me()?.name) }
    }

    @Test fun `one exchange at a time`() = test {
        open().use { rafiq ->
            rafiq.sync.setHomeRelay("http://127.0.0.1:9")
            rafiq.mentoring.begin(NewPairing("buddy", "buddy", "Two"))
            var carrying = 0
            val most = CopyOnWriteArrayList<Int>()
            val carrier = Carrier {
                most += ++carrying
                delay(50)
                carrying--
                throw RafiqException.Host("no-connection")
            }
            List(3) { launch { throws<RafiqException.Host> { rafiq.exchange(carrier = carrier) } } }.joinAll()
            assertEquals(listOf(1, 1, 1), most)
        }
    }

    @Test fun `sentences, dates and models`() = test {
        Language("prs-AF").use { dari ->
            assertEquals("۱ قوس ۱۴۰۵", dari.day("2026-11-22", DateStyle.LONG))
            assertEquals(Direction.RIGHT_TO_LEFT, dari.direction)
            assertEquals("2026-11-22", dari.parseDate("۱۴۰۵/۰۹/۰۱").firstDay)
            assertEquals("feeling-4", Feeling.GOOD.textId)
        }
        throws<RafiqException.Invalid> { Language("not a tag") }
        throws<RafiqException.Invalid> { Rafiq.checkModel("this is no model") }
        open().use { rafiq ->
            assertTrue(rafiq.supportModels().map { it.id }.containsAll(listOf("buddy", "newcomer-mentoring")))
            assertEquals(emptyMap<String, Spoken>(), rafiq.modelTexts("prs"))
        }
        val tandem = """
            id = "tandem"
            version = 1
            pass_on = ["coordinator"]
            [[roles]]
            id = "speaker"
            [texts.en]
            model-tandem = "Language tandem"
        """.trimIndent()
        Rafiq.open(File(folder, "tandem"), MaskVault(), models = listOf(tandem)).use { rafiq ->
            assertEquals(mapOf("model-tandem" to Spoken("Language tandem", "en", fallback = true, machine = false)), rafiq.modelTexts("prs"))
        }
    }
}

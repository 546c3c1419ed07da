package org.rafiq.app.looking

import android.graphics.Rect
import kotlinx.coroutines.runBlocking
import org.rafiq.HeldItem
import org.rafiq.RafiqException
import org.rafiq.Standing
import org.rafiq.app.look.ChoiceChips
import org.rafiq.app.look.ChoiceRow
import org.rafiq.app.screens.checkInsScreen
import org.rafiq.app.screens.syncScreen
import org.rafiq.presenters.CheckInsPresenter
import org.rafiq.presenters.HandClock
import org.rafiq.presenters.Phone
import org.rafiq.presenters.Place
import org.rafiq.presenters.SyncPresenter
import org.rafiq.presenters.TestVault
import org.rafiq.presenters.Word
import org.rafiq.presenters.content
import java.io.File

/** Every screen there is, in every state that a person meets, in one language. [look] is called at each, with its name. */
class Gallery(private val within: File, private val told: Told) {
    private val day = runBlocking { Day(within.resolve("day").apply { mkdirs() }, told).live() }
    private val parting = runBlocking { Parting(within.resolve("parting").apply { mkdirs() }, told).live() }
    private val locked = within.resolve("locked")
    private var round = 0

    init {
        runBlocking { Phone(locked, told.language, HandClock(Day.EVENING_MS)).use { it.setUp(told.me, told.language, PASSPHRASE) } }
    }

    /** Once through all of them, in the phone's settings of this moment. */
    fun walk(look: Screens.(String) -> Unit) {
        round += 1
        firstSteps(look)
        Screens(day.profile, told.language).use { it.open(look) }
        Screens(parting.profile, told.language).use { it.parting(look) }
        unlocking(look)
        troubles(look)
    }

    private fun firstSteps(look: Screens.(String) -> Unit) = Screens(within.resolve("new-$round"), told.language).use { screens ->
        with(screens) {
            rest()
            look("language")
            tap(Word.NEXT)
            words(words[Word.SET_UP_NAME])
            tap(Word.KIT_HAVE)
            words(words[Word.KIT_ENTER])
            rest()
            look("words-enter")
            field().append("legl winner thank ye")
            val proposed = wait("what the word may become") { all().filterIsInstance<ChoiceChips>().firstOrNull() }
            rest()
            look("words-typed")
            touch(proposed.getChildAt(0))
            check(field().text.toString() == "legl winner thank year ") { "the word is not there: ${field().text}" }
            tap(Word.KIT_HAVE_NOT)
            words(words[Word.SET_UP_NAME])
            field().append(told.me)
            wait("the way on") { words(words[Word.NEXT]).takeIf { it.isEnabled } }
            look("name")
            tap(Word.NEXT)
            tap(Word.WITH_PASSPHRASE)
            field(1)
            look("passphrase")
            tap(Word.WITHOUT_PASSPHRASE)
            wait("the last step") { words(words[Word.BEGIN]).takeIf { it.isEnabled } }
            look("protection")
            tap(Word.BEGIN)
            words(words[Word.TAB_TOGETHER])
            rest()
            look("today-first")
            at(Place.Together)
            rest()
            look("together-first")
            at(Place.Search)
            rest()
            look("directory-first")
            twelveWords(look)
        }
    }

    /** Words for the day on which the phone is gone: without a relay, made, shown, asked from the paper, left unchecked, made anew. */
    private fun Screens.twelveWords(look: Screens.(String) -> Unit) {
        show("kit-no-relay", look, Place.Today, Place.Profile, Place.Kit)
        runBlocking { session.rafiq.sync.setHomeRelay("https://relay.example.org") }
        show("kit", look, Place.Today, Place.Profile, Place.Kit) {
            tap(Word.KIT_MAKE)
            words(words[Word.KIT_WRITTEN])
            check(staysOn) { "it goes dark while somebody is writing" }
            "kit-words"
        }
        tap(Word.KIT_WRITTEN)
        field(1).append("no such word")
        field(0).append("no such word")
        wait("something to compare") { words(words[Word.KIT_COMPARE]).takeIf { it.isEnabled } }
        look("kit-check")
        tap(Word.KIT_COMPARE)
        wait("the answer") { all().find { it.contentDescription == words[Word.CLOSE] } }
        rest()
        look("kit-differs")
        tap(Word.KIT_LOOK)
        words(words[Word.KIT_WRITTEN])
        check(view.back()) { "the words are left without a question" }
        words(words[Word.KIT_LEAVE_YES])
        rest()
        look("kit-leave")
        tap(Word.KIT_LEAVE_YES)
        words(words[Word.KIT_AGAIN])
        rest()
        check(!staysOn) { "it never goes dark" }
        look("kit-made")
        tap(Word.KIT_AGAIN)
        words(words[Word.KIT_AGAIN_ASK])
        rest()
        look("kit-again")
    }

    private val Screens.staysOn: Boolean get() = all().any { it.keepScreenOn }

    private fun Screens.open(look: Screens.(String) -> Unit) {
        words(words[Word.TAB_TOGETHER])
        show("today", look, Place.Today)
        checkIn(look)
        show("check-ins", look, Place.CheckIn, Place.CheckIns)
        show("together", look, Place.Together) {
            tap(Word.BEGIN_PAIRING)
            touch(wait("a model") { all().filterIsInstance<ChoiceRow>().firstOrNull() })
            tap(Word.FOUND_GROUP)
            "beginning"
        }
        show("pairing", look, Place.Together, day.pairing) {
            listOf(Word.PLAN_MEETING, Word.ADD, Word.MILESTONE_ADD, Word.CONTACT_ADD, Word.RESPONDER_ASK).forEach { tap(it) }
            "pairing-forms"
        }
        show("group", look, Place.Together, day.group) {
            listOf(Word.SESSION_MOVE, Word.SESSION_CANCEL, Word.PLAN_MEETING, Word.PERSON_ADD).forEach { tap(it) }
            "group-forms"
        }
        show("attendance", look, Place.Together, day.group, day.attendance) {
            touch(wait("a mark") { all().filterIsInstance<ChoiceChips>().firstOrNull() }.getChildAt(1))
            "attendance-marked"
        }
        show("invite", look, Place.Together, day.group, Place.Invite(day.group.id.value)) {
            tap(words.language.text("app-invite-here").text)
            val code = wait("the code") { all().find { it.contentDescription == words[Word.INVITE_CODE] } }
            rest()
            val seen = Rect()
            check(code.getGlobalVisibleRect(seen) && seen.height() == code.height) { "the code does not fit: $seen of ${code.height}" }
            "invite-code"
        }
        show("join", look, Place.Together, Place.Join) {
            field().setText(day.invitation)
            tap(Word.NEXT)
            words(words[Word.ACCEPT])
            "join-offer"
        }
        show("directory", look, Place.Search) {
            field().append("dental")
            wait("what was found") { texts().find { it.text.contains("Dental") } }
            "directory-found"
        }
        show("service", look, Place.Search, day.service) {
            tap(Word.REPORT_ASK)
            "service-report"
        }
        show("profile", look, Place.Today, Place.Profile) {
            tap(Word.PASSPHRASE_CHANGE)
            tap(Word.WIPE)
            "profile-forms"
        }
        show("exchange", look, Place.Today, Place.Profile, Place.Sync)
    }

    /** Words that can be taken back, and those that were; work that is kept aside. */
    private fun Screens.parting(look: Screens.(String) -> Unit) {
        words(words[Word.TAB_TOGETHER])
        show("words-taken-back", look, Place.CheckIn, Place.CheckIns) {
            tap(Word.ERASE_WORDS)
            tap(Word.ERASE_THEIRS)
            "words-ask"
        }
        show("kept-aside", look, Place.Today, Place.Profile, Place.Sync) {
            tap(Word.KEEP)
            "kept-aside-ask"
        }
        // What no phone of these shows: a space that cannot be read, and what fell because two phones went on from the same copy.
        screen { way, scope ->
            syncScreen(way, SyncPresenter(session, scope).apply {
                heldItems = { listOf("fork", "chain").map { HeldItem(it, it, Standing.REFUSED, 2, Day.EVENING_MS) } }
                heldWork = { throw RafiqException.Corrupt() }
            })
        }
        rest()
        look("aside-unread")
        screen { way, scope -> checkInsScreen(way, CheckInsPresenter(session, scope).apply { erasures = { emptyList() } }) }
        rest()
        look("receipt-unread")
    }

    /** A place as it comes, and, if there is more to it, what it shows after [further]. */
    private fun Screens.show(name: String, look: Screens.(String) -> Unit, vararg places: Place, further: (Screens.() -> String)? = null) {
        at(*places)
        rest()
        look(name)
        further?.let { more ->
            val then = more()
            rest()
            look(then)
        }
    }

    /** Three taps: a face, what would help, keep. */
    private fun Screens.checkIn(look: Screens.(String) -> Unit) {
        at(Place.CheckIn)
        val face = wait("faces") {
            val description = words.language.text("feeling-2.description").text
            all().find { it.contentDescription?.startsWith(description) == true }
        }
        look("faces")
        touch(face)
        wait("the way back") { all().find { it.contentDescription == words[Word.BACK] } }
        rest()
        look("help")
        tap(Word.NEXT)
        field()
        rest()
        look("contact")
        tap(words.language.text("contact-today").text)
        touch(wait("with whom") { all().filterIsInstance<ChoiceRow>().lastOrNull() })
        tap(Word.SAVE)
        words(words[Word.CHECK_IN_AGAIN])
        rest()
        look("kept")
    }

    private fun unlocking(look: Screens.(String) -> Unit) = Screens(locked, told.language).use { screens ->
        with(screens) {
            field().append("not this one")
            wait("the way on") { words(words[Word.UNLOCK]).takeIf { it.isEnabled } }
            look("unlock")
            tap(Word.UNLOCK)
            wait("the answer") { texts().find { it.text.contains(words.language.text("error-wrong-passphrase").text) } }
            rest()
            look("unlock-wrong")
        }
    }

    /** What keeps a profile from being opened. */
    private fun troubles(look: Screens.(String) -> Unit) {
        val damaged = within.resolve("damaged-$round").also { day.profile.copyRecursively(it) }
        damaged.resolve("rafiq.db").let { file -> file.writeBytes(ByteArray(file.length().toInt()) { 0x55 }) }
        damaged.resolve("rafiq.db-wal").delete()
        Screens(damaged, told.language).use { it.trouble(look, "damaged") }
        Screens(day.profile, told.language, TestVault(null)).use { it.trouble(look, "key-lost") }
        runBlocking {
            Phone(day.profile, told.language, HandClock(Day.EVENING_MS)).start().use { elsewhere ->
                elsewhere.app.content()
                Screens(day.profile, told.language).use { it.trouble(look, "in-use") }
            }
        }
    }

    private fun Screens.trouble(look: Screens.(String) -> Unit, name: String) {
        words(words[Word.TROUBLE_TITLE])
        rest()
        look(name)
    }

    private companion object {
        const val PASSPHRASE = "correct horse battery staple"
    }
}

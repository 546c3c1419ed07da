package org.rafiq.presenters

import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.Rafiq
import java.io.File

class ProfileTest {
    @TempDir lateinit var folder: File

    @Test fun `name, language and calendar`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("آمنه", "prs")
            val old = phone.session
            val profile = ProfilePresenter(old, phone.scope)
            val first = profile.content()
            val chosen = first.languages.single { it.chosen }.tag to first.calendars.single { it.chosen }.value
            assertEquals("آمنه" to ("prs" to null), first.name to chosen)
            val renamed = profile.does(ProfileEvent.Rename(" آمنه جان "))
            assertEquals("آمنه جان" to "ذخیره شد.", renamed.name to renamed.notice)
            val empty = profile.does(ProfileEvent.Rename(" "))
            assertTrue(empty.name == "آمنه جان" && empty.notice != null)
            assertNull(profile.does(ProfileEvent.Dismiss).notice)
            profile.on(ProfileEvent.ChooseCalendar("gregory")).join()
            assertNotSame(old, phone.session)
            val today = TodayPresenter(phone.session, phone.scope).content()
            assertTrue("۲۲" in today.date && "قوس" !in today.date, today.date)
            val again = ProfilePresenter(phone.session, phone.scope)
            assertEquals("gregory", again.content().calendars.single { it.chosen }.value)
            again.on(ProfileEvent.ChooseLanguage("uk")).join()
            assertEquals("uk-u-ca-gregory" to "Сьогодні", phone.session.words.language.tag to phone.session.words[Word.TAB_TODAY])
            assertEquals("uk", ProfilePresenter(phone.session, phone.scope).content().languages.single { it.chosen }.tag)
            assertEquals("uk", Rafiq.lastLanguage(phone.folder))
        }
    }

    @Test fun `a passphrase is set, changed and taken away`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Amina", "en")
            val profile = ProfilePresenter(phone.session, phone.scope)
            assertEquals(false to "There is no passphrase.", profile.content().run { hasPassphrase to protection })
            profile.on(ProfileEvent.Lock).join()
            assertTrue(phone.app.content().at is Where.Open)
            assertEquals("The two are not the same. Please try again.", profile.does(ProfileEvent.ChangePassphrase("", "one", "two")).notice)
            val busy = launch { profile.content { it.busy } }
            val set = profile.does(ProfileEvent.ChangePassphrase("", "green leaf", "green leaf"))
            busy.join()
            assertEquals(listOf(true, false, "The new passphrase holds from now on."), listOf(set.hasPassphrase, set.busy, set.notice))
            val wrong = profile.does(ProfileEvent.ChangePassphrase("red leaf", "x", "x"))
            assertEquals("This passphrase is not right. Nothing is lost: please try again.", wrong.notice)
            assertFalse(profile.content().busy)
            profile.on(ProfileEvent.Lock).join()
            assertEquals(Where.Locked, phone.app.content().at)
            assertEquals(UiState.Locked, profile.state.value)
            UnlockPresenter(phone.app, phone.scope).on(UnlockEvent.Enter("green leaf")).join()
            val open = ProfilePresenter(phone.session, phone.scope)
            open.content()
            val removed = open.does(ProfileEvent.ChangePassphrase("green leaf", "", ""))
            assertEquals(false to "There is no passphrase any more.", removed.hasPassphrase to removed.notice)
        }
        Phone(File(folder, "profile")).use { assertTrue(it.start().app.content().at is Where.Open) }
    }

    @Test fun `everything is deleted, only when it was confirmed`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Amina", "en", "green leaf")
            val profile = ProfilePresenter(phone.session, phone.scope)
            profile.content()
            profile.on(ProfileEvent.Wipe(confirmed = false)).join()
            assertTrue(phone.app.content().at is Where.Open)
            profile.on(ProfileEvent.Wipe(confirmed = true)).join()
            assertEquals(Where.SetUp, phone.app.content().at)
            assertEquals(UiState.Locked, profile.state.value)
            assertTrue(phone.folder.listFiles().orEmpty().none { it.length() > 1000 }, "${phone.folder.listFiles()?.toList()}")
            phone.vault.key = 9
            phone.setUp("Amina", "en")
            assertFalse(ProfilePresenter(phone.session, phone.scope).content().hasPassphrase)
        }
    }
}

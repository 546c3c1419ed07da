package org.rafiq.app.platform

import android.app.NotificationManager
import android.app.job.JobScheduler
import android.content.ClipData
import android.content.ClipboardManager
import android.content.Intent
import android.view.View
import android.view.ViewGroup
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import android.widget.EditText
import android.widget.TextView
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertSame
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.rafiq.KeyGone
import org.rafiq.app.MainActivity
import org.rafiq.app.RafiqApplication
import org.rafiq.presenters.AppEvent
import org.rafiq.presenters.CheckInEvent
import org.rafiq.presenters.CheckInPresenter
import org.rafiq.presenters.ProfileEvent
import org.rafiq.presenters.ProfilePresenter
import org.rafiq.presenters.UiState
import org.rafiq.presenters.Where
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper
import java.util.concurrent.TimeUnit

/** The app as it starts on a phone, over the library as it ships. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 34, 35], qualifiers = "w360dp-h640dp-xhdpi")
class StartTest {
    private val application get() = RuntimeEnvironment.getApplication() as RafiqApplication
    private val shell get() = application.shell
    private val at: Where? get() = (shell.app.state.value as? UiState.Content)?.content?.at

    @Before fun newPhone() = FakeKeystore.install()

    @After fun closed() {
        shell.session?.rafiq?.close()
    }

    @Test fun aWholeLife() {
        val controller = Robolectric.buildActivity(MainActivity::class.java).setup()
        val activity = controller.get()
        assertTrue("pictures can be taken", activity.window.attributes.flags and FLAG_SECURE != 0)
        until("set-up") { at == Where.SetUp && !shell.isCovered.value }
        shell.app.on(AppEvent.SetUpDone("Amina", "en", "a long passphrase"))
        until("open") { at is Where.Open && texts(activity.view).isNotEmpty() }

        val notes = CheckInPresenter(shell.session!!, shell.scope)
        notes.on(CheckInEvent.ChooseFeeling(4))
        notes.on(CheckInEvent.Next)
        notes.on(CheckInEvent.Save)
        until("kept") { (notes.state.value as? UiState.Content)?.content?.kept != null }

        RuntimeEnvironment.setQualifiers("+land")
        controller.configurationChange()
        assertSame("turned, not made anew", activity, controller.get())
        until("still open") { at is Where.Open && texts(activity.view).isNotEmpty() }
        val before = words(activity.view).first()
        RuntimeEnvironment.setQualifiers("+night")
        RuntimeEnvironment.setFontScale(1.5f)
        controller.configurationChange()
        assertSame("by night, not made anew", activity, controller.get())
        until("in larger letters, on a darker ground") {
            words(activity.view).firstOrNull()?.let { it !== before && it.textSize > before.textSize && it.currentTextColor != before.currentTextColor } == true
        }

        away(controller, 1)
        until("open again, not locked") { at is Where.Open && !shell.isCovered.value }
        away(controller, 61)
        until("locked") { at == Where.Locked && !shell.isCovered.value }
        shell.app.on(AppEvent.Unlock("a long passphrase"))
        until("unlocked") { at is Where.Open }

        ProfilePresenter(shell.session!!, shell.scope).on(ProfileEvent.Wipe(confirmed = true))
        until("wiped") { at == Where.SetUp }
        assertTrue("the key is forgotten", FakeKeystore.keys.isEmpty())
        controller.pause().stop().destroy()
    }

    @Test fun whatLiesUnderTheCoverIsNotReachedByAScreenReaderNorByKeys() {
        val controller = Robolectric.buildActivity(MainActivity::class.java).setup()
        val view = controller.get().view
        until("set-up") { at == Where.SetUp && !shell.isCovered.value }
        val field = EditText(view.context).also(view::addView)
        until("a field that is written in") { field.requestFocus() && view.findFocus() === field }
        assertEquals(View.IMPORTANT_FOR_ACCESSIBILITY_AUTO, view.importantForAccessibility)
        controller.pause().stop()
        until("covered") { view.importantForAccessibility == View.IMPORTANT_FOR_ACCESSIBILITY_NO_HIDE_DESCENDANTS }
        assertTrue("keys reach what is covered", view.findFocus() == null && !field.requestFocus())
        controller.restart().resume()
        until("seen again") { view.importantForAccessibility == View.IMPORTANT_FOR_ACCESSIBILITY_AUTO }
        assertSame("whoever was writing goes on there", field, view.findFocus())
        controller.pause().stop().destroy()
    }

    @Test fun whoLeavesAgainWhileASaveIsWaitedForIsCoveredAndLocked() {
        val controller = Robolectric.buildActivity(MainActivity::class.java).setup()
        until("set-up") { at == Where.SetUp && !shell.isCovered.value }
        shell.app.on(AppEvent.SetUpDone("Amina", "en", "a long passphrase"))
        until("open") { at is Where.Open }
        val work = shell.session!!.work
        work.begin() // a save that takes its time
        controller.pause().stop()
        until("the save is waited for") { work.isWaitedFor }
        ShadowLooper.idleMainLooper(30, TimeUnit.SECONDS)
        controller.restart().resume()
        ShadowLooper.idleMainLooper()
        controller.pause().stop()
        work.end()
        repeat(100) {
            ShadowLooper.idleMainLooper()
            Thread.sleep(10)
            assertTrue("nobody looks, and it is not covered", shell.isCovered.value)
        }
        ShadowLooper.idleMainLooper(35, TimeUnit.SECONDS)
        controller.restart().resume()
        until("locked: away since they first left") { at == Where.Locked && !shell.isCovered.value }
        controller.pause().stop().destroy()
    }

    @Test fun anExchangeIsAskedForOnceAnHour() {
        val scheduler = application.getSystemService(JobScheduler::class.java)
        ExchangeJob.ask(application)
        val job = scheduler.allPendingJobs.single()
        assertEquals(60L * 60 * 1000, job.intervalMillis)
        assertTrue(job.isPersisted)
    }

    @Test fun theVaultOpensWhatItSealedUntilItForgets() {
        val vault = KeystoreVault()
        val sealed = vault.wrap(byteArrayOf(1, 2, 3))
        assertEquals(listOf<Byte>(1, 2, 3), vault.unwrap(sealed).toList())
        assertThrows(org.rafiq.HostException::class.java) { vault.unwrap(sealed.also { it[sealed.size - 1] = (it[sealed.size - 1] + 1).toByte() }) }
        assertThrows(org.rafiq.HostException::class.java) { vault.unwrap(ByteArray(3)) }
        vault.delete()
        assertThrows(KeyGone::class.java) { vault.unwrap(sealed) }
    }

    @Test fun aReminderSaysThatSomethingIsDueOnceAlsoAfterARestart() {
        val kept = application.getSharedPreferences("reminders", 0)
        kept.edit().putString("instants", "1000 2000 9000").putString("text", "There is something for you.").commit()
        val notifications = shadowOf(application.getSystemService(NotificationManager::class.java))
        Reminders(application) { 5000 }.due()
        assertEquals(1, notifications.size())
        assertEquals("There is something for you.", notifications.allNotifications.single().extras.getCharSequence("android.text").toString())
        assertEquals("9000", kept.getString("instants", null))
        Reminders(application) { 5000 }.forget()
        assertFalse(kept.contains("instants"))
        assertEquals(0, notifications.size())
    }

    @Test fun whatWasCopiedIsForgottenAfterTenMinutesUnlessSomebodyCopiedSomethingElse() {
        val clipboard = application.getSystemService(ClipboardManager::class.java)
        fun copied() = clipboard.primaryClip?.getItemAt(0)?.text?.toString().orEmpty()
        shell.clipboard.copy("an invitation")
        ShadowLooper.idleMainLooper(9, TimeUnit.MINUTES)
        assertEquals("an invitation", copied())
        ShadowLooper.idleMainLooper(1, TimeUnit.MINUTES)
        until("forgotten") { copied().isEmpty() }
        shell.clipboard.copy("an invitation")
        clipboard.setPrimaryClip(ClipData.newPlainText("", "their own"))
        ShadowLooper.idleMainLooper(11, TimeUnit.MINUTES)
        assertEquals("their own", copied())
    }

    @Test fun whatTheManifestDoesNotNameIsNotHeard() {
        application.getSharedPreferences("reminders", 0).edit().putString("instants", "1").commit()
        ClockReceiver().onReceive(application, Intent("org.example.OTHER"))
        assertEquals(0, shadowOf(application.getSystemService(NotificationManager::class.java)).size())
    }

    /** The app is not seen for some seconds. */
    private fun away(controller: ActivityController<MainActivity>, seconds: Long) {
        controller.pause().stop()
        until("covered") { shell.isCovered.value }
        ShadowLooper.idleMainLooper(seconds, TimeUnit.SECONDS)
        controller.restart().resume()
    }

    private fun texts(view: View): List<String> = words(view).map { it.text.toString() }

    private fun words(view: View): List<TextView> = when (view) {
        is TextView -> listOf(view).filter { it.text.isNotEmpty() }
        is ViewGroup -> (0 until view.childCount).flatMap { words(view.getChildAt(it)) }
        else -> emptyList()
    }

    private fun until(what: String, holds: () -> Boolean) {
        val end = System.nanoTime() + 120_000_000_000
        while (!holds() && System.nanoTime() < end) {
            ShadowLooper.idleMainLooper()
            Thread.sleep(5)
        }
        assertTrue("$what: ${shell.app.state.value}", holds())
    }
}

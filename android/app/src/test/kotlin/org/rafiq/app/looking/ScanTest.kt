package org.rafiq.app.looking

import android.Manifest
import android.app.Activity
import android.content.pm.PackageManager
import android.graphics.Bitmap
import android.graphics.SurfaceTexture
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.rafiq.Language
import org.rafiq.app.ScanActivity
import org.rafiq.app.look.Labels
import org.rafiq.app.look.Look
import org.rafiq.app.look.Palette
import org.rafiq.app.platform.CodeCamera
import org.rafiq.presenters.Word
import org.rafiq.presenters.Words
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File

/** The sheet with the camera: what it says, how it is left, and what becomes of it where the camera may not be used or is none. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w360dp-h740dp-xhdpi", application = android.app.Application::class)
class ScanTest {
    private val application = RuntimeEnvironment.getApplication()

    @Test fun itLooksAsTheAppDoes() {
        allow()
        for (told in Told.ALL) for (light in listOf("light", "dark")) for (size in listOf(1, 2)) {
            RuntimeEnvironment.setQualifiers(if (light == "dark") "+night" else "+notnight")
            RuntimeEnvironment.setFontScale(size.toFloat())
            val view = content(open(told.language).get())
            val paper = Look(view.context, null).colour(Palette.paper)
            val missed = Audit(view, paper).findings().filter { it.missed != Missed.HEADING } // the picture is what it is about
            assertEquals("${told.language} $light $size", emptyList<Finding>(), missed)
            val words = Words(Language(told.language))
            assertTrue(Audit.seen(view).any { it.contentDescription == words[Word.CLOSE] && it.hasOnClickListeners() })
            File(System.getProperty("rafiq.target"), "android/screens/scan-${told.language}-$light-$size.png").apply { parentFile!!.mkdirs() }
                .outputStream().use { Audit.painted(view, paper).compress(Bitmap.CompressFormat.PNG, 100, it) }
        }
    }

    @Test fun itIsLeftByATouch() {
        allow()
        val sheet = open("en")
        Audit.seen(content(sheet.get())).single { it.hasOnClickListeners() }.performClick()
        assertTrue(sheet.get().isFinishing)
        assertEquals(Activity.RESULT_CANCELED, shadowOf(sheet.get()).resultCode)
    }

    @Test fun whereTheCameraMayNotBeUsedItSaysSoAndGoes() {
        val sheet = open("en")
        assertEquals(listOf(Manifest.permission.CAMERA), shadowOf(sheet.get()).lastRequestedPermission.requestedPermissions.toList())
        sheet.get().onRequestPermissionsResult(1, arrayOf(Manifest.permission.CAMERA), intArrayOf(PackageManager.PERMISSION_DENIED))
        assertTrue(sheet.get().isFinishing)
        assertEquals(ScanActivity.REFUSED, shadowOf(sheet.get()).resultCode)
    }

    @Test fun aPhoneWithoutACameraSaysThatThereIsNone() {
        var isTold = false
        val camera = CodeCamera(application, SurfaceTexture(0), { error("nothing can be seen") }, { isTold = true })
        camera.open()
        shadowOf(Looper.getMainLooper()).idle()
        assertTrue(isTold)
        camera.close()
    }

    private fun allow() = shadowOf(application).grantPermissions(Manifest.permission.CAMERA)

    private fun open(language: String): ActivityController<ScanActivity> =
        Robolectric.buildActivity(ScanActivity::class.java, ScanActivity.intent(application, Labels(Words(Language(language))))).setup()

    private fun content(activity: Activity): View = activity.findViewById<ViewGroup>(android.R.id.content).getChildAt(0)
}

package org.rafiq.app

import android.Manifest
import android.app.Activity
import android.app.AlertDialog
import android.content.ClipDescription
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import android.widget.FrameLayout
import android.widget.Toast
import android.window.OnBackInvokedDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.rafiq.app.look.Labels
import org.rafiq.app.look.Look
import org.rafiq.app.look.Palette
import org.rafiq.app.platform.Shell
import org.rafiq.app.platform.mainThread
import org.rafiq.app.screens.AppView
import org.rafiq.app.screens.ShellActions
import org.rafiq.presenters.Navigator
import org.rafiq.presenters.UiState

/** The one window of the app: its view, the cover over it, and what the system does for its screens. No picture is taken of it. */
class MainActivity : Activity(), ShellActions {
    /** The whole app. */
    lateinit var view: AppView
        private set

    /** Over everything until it is clear that nothing needs to be locked. */
    lateinit var cover: View
        private set

    private val scope = CoroutineScope(mainThread + SupervisorJob())
    private var found: ((String) -> Unit)? = null

    /** What had the keys when the cover came. */
    private var written: View? = null
    private val shell: Shell get() = (application as RafiqApplication).shell
    private val labels: Labels get() = Labels((shell.app.state.value as? UiState.Content)?.content?.words)

    override fun onCreate(saved: Bundle?) {
        super.onCreate(null) // what is written is kept by presenters, and not in a bundle outside of the encrypted store
        window.addFlags(FLAG_SECURE)
        view = AppView(this, shell.app, this).apply { filterTouchesWhenObscured = true } // no other app's window leads a finger
        (lastNonConfigurationInstance as? Navigator)?.let(view::resumeAt)
        cover = View(this).apply {
            setBackgroundColor(Look(context, null).colour(Palette.paper))
            importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
            isClickable = true // nothing beneath is touched
        }
        setContentView(FrameLayout(this).apply {
            addView(view)
            addView(cover)
        })
        scope.launch { shell.isCovered.collect(::cover) }
        scope.launch { shell.asksForReminders.collect { if (it) askForReminders() } }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            onBackInvokedDispatcher.registerOnBackInvokedCallback(OnBackInvokedDispatcher.PRIORITY_DEFAULT) { back() }
        }
    }

    /** What lies under the cover is neither seen, nor read out, nor reached by keys: whoever was writing goes on there afterwards. */
    private fun cover(isCovered: Boolean) {
        cover.visibility = if (isCovered) View.VISIBLE else View.GONE
        view.importantForAccessibility =
            if (isCovered) View.IMPORTANT_FOR_ACCESSIBILITY_NO_HIDE_DESCENDANTS else View.IMPORTANT_FOR_ACCESSIBILITY_AUTO
        if (isCovered) {
            written = view.findFocus() ?: written
            view.descendantFocusability = ViewGroup.FOCUS_BLOCK_DESCENDANTS
            written?.clearFocus()
        } else {
            view.descendantFocusability = ViewGroup.FOCUS_BEFORE_DESCENDANTS
            written?.takeIf { it.isAttachedToWindow }?.requestFocus()
            written = null
        }
    }

    override fun onStart() {
        super.onStart()
        shell.cameForth()
    }

    override fun onStop() {
        if (!isChangingConfigurations) shell.left()
        super.onStop()
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    @Suppress("OVERRIDE_DEPRECATION") // what keeps something in memory only, without another library
    override fun onRetainNonConfigurationInstance(): Any = view.navigator

    @Suppress("OVERRIDE_DEPRECATION", "GestureBackNavigation") // before Android 13
    override fun onBackPressed() = back()

    /** One step back, and from the first place out of the app; what is on the screen stays for when the person returns. */
    private fun back() {
        if (!view.back()) moveTaskToBack(true)
    }

    override val canScan: Boolean get() = packageManager.hasSystemFeature(PackageManager.FEATURE_CAMERA_ANY)

    override fun scan(found: (String) -> Unit) {
        this.found = found
        val words = labels
        @Suppress("DEPRECATION") // the newer way is in another library
        startActivityForResult(ScanActivity.intent(this, words), SCAN)
    }

    @Suppress("OVERRIDE_DEPRECATION")
    override fun onActivityResult(request: Int, result: Int, data: Intent?) {
        if (request != SCAN) return
        val text = data?.getStringExtra(ScanActivity.FOUND)
        when {
            result == RESULT_OK && text != null -> found?.invoke(text)
            result == ScanActivity.REFUSED -> say("platform-camera-refused")
        }
        found = null
    }

    override fun copy(text: String) = shell.clipboard.copy(text)

    override fun share(text: String) {
        val send = Intent(Intent.ACTION_SEND).setType(ClipDescription.MIMETYPE_TEXT_PLAIN).putExtra(Intent.EXTRA_TEXT, text)
        startActivity(Intent.createChooser(send, null))
    }

    /** Says why, before the system asks. */
    private fun askForReminders() {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return
        val words = labels
        val dialog = AlertDialog.Builder(this).setMessage(words.platform("platform-reminders-why"))
            .setPositiveButton(words.platform("platform-yes")) { _, _ ->
                requestPermissions(arrayOf(Manifest.permission.POST_NOTIFICATIONS), REMIND)
            }
            .setNegativeButton(words.platform("platform-not-now")) { _, _ -> shell.answered(never = false) }
            .setOnCancelListener { shell.answered(never = false) }
            .create()
        dialog.window?.run {
            addFlags(FLAG_SECURE)
            decorView.layoutDirection = Look(context, words.words).direction
        }
        dialog.show()
    }

    override fun onRequestPermissionsResult(request: Int, permissions: Array<String>, results: IntArray) {
        if (request == REMIND) shell.answered(never = results.isNotEmpty()) // empty: the question itself was cut off
    }

    private fun say(id: String) = Toast.makeText(this, labels.platform(id), Toast.LENGTH_LONG).show()

    private companion object {
        const val SCAN = 1
        const val REMIND = 2
    }
}

package org.rafiq.app

import android.Manifest
import android.app.Activity
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.graphics.Matrix
import android.graphics.SurfaceTexture
import android.os.Bundle
import android.view.Gravity
import android.view.TextureView
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import android.widget.LinearLayout
import android.widget.TextView
import org.rafiq.app.look.Labels
import org.rafiq.app.look.Look
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Space
import org.rafiq.app.look.pictogramButton
import org.rafiq.app.platform.CodeCamera
import org.rafiq.presenters.Word

/** The camera, looking for one QR code. Pictures are neither kept nor sent. */
class ScanActivity : Activity(), TextureView.SurfaceTextureListener {
    private lateinit var picture: TextureView
    private lateinit var words: TextView
    private var camera: CodeCamera? = null

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        window.addFlags(FLAG_SECURE)
        val look = Look(this, null)
        picture = TextureView(this).apply { surfaceTextureListener = this@ScanActivity }
        words = look.text(intent.getStringExtra(WHY).orEmpty()).apply {
            gravity = Gravity.CENTER
            val space = look.dp(Space.LARGE)
            setPadding(space, space, space, space)
        }
        setContentView(LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            fitsSystemWindows = true
            layoutDirection = intent.getIntExtra(DIRECTION, 0)
            setBackgroundColor(look.colour(Palette.paper))
            val close = look.pictogramButton(Pictogram.CLOSE, intent.getStringExtra(CLOSE).orEmpty()) { leave(RESULT_CANCELED) }
            addView(close, LinearLayout.LayoutParams(WRAP_CONTENT, WRAP_CONTENT))
            addView(picture, LinearLayout.LayoutParams(MATCH_PARENT, 0, 1f))
            addView(words, LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        })
        if (mayLook()) aim() else requestPermissions(arrayOf(Manifest.permission.CAMERA), ASK)
    }

    override fun onRequestPermissionsResult(request: Int, permissions: Array<String>, results: IntArray) {
        if (mayLook()) aim() else leave(REFUSED) // back to the field, where an invitation can always be pasted
    }

    override fun onStart() {
        super.onStart()
        if (mayLook() && picture.isAvailable) open()
    }

    override fun onStop() {
        close()
        super.onStop()
    }

    override fun onSurfaceTextureAvailable(texture: SurfaceTexture, width: Int, height: Int) {
        if (mayLook()) open()
    }

    override fun onSurfaceTextureSizeChanged(texture: SurfaceTexture, width: Int, height: Int) = fit()

    override fun onSurfaceTextureDestroyed(texture: SurfaceTexture): Boolean {
        close()
        return true
    }

    override fun onSurfaceTextureUpdated(texture: SurfaceTexture) = Unit

    private fun mayLook() = checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED

    private fun aim() {
        words.text = intent.getStringExtra(AIM).orEmpty()
        if (picture.isAvailable) open()
    }

    private fun open() {
        val texture = picture.surfaceTexture ?: return
        if (camera != null) return
        camera = CodeCamera(this, texture, { leave(RESULT_OK, it) }, { leave(RESULT_CANCELED) }).also { it.open() }
        fit()
    }

    private fun close() {
        camera?.close()
        camera = null
    }

    /** The picture keeps its shape, and fills the view; the texture stretches it by itself. */
    private fun fit() {
        val size = camera?.size ?: return
        val (width, height) = picture.width.toFloat() to picture.height.toFloat()
        val wide = width > height
        val (across, down) = if (wide) size.width.toFloat() to size.height.toFloat() else size.height.toFloat() to size.width.toFloat()
        val scale = maxOf(width / across, height / down)
        picture.setTransform(Matrix().apply { setScale(across * scale / width, down * scale / height, width / 2, height / 2) })
    }

    private fun leave(result: Int, text: String? = null) {
        if (isFinishing) return
        setResult(result, text?.let { Intent().putExtra(FOUND, it) })
        finish()
    }

    companion object {
        /** What the code says. */
        const val FOUND = "found"

        /** The result if the camera may not be used. */
        const val REFUSED = RESULT_FIRST_USER
        private const val WHY = "why"
        private const val AIM = "aim"
        private const val CLOSE = "close"
        private const val DIRECTION = "direction"
        private const val ASK = 1

        /** Opens it, in the person's words. */
        fun intent(context: Context, labels: Labels): Intent = Intent(context, ScanActivity::class.java)
            .putExtra(WHY, labels.platform("platform-camera-why")).putExtra(AIM, labels.platform("platform-camera-aim"))
            .putExtra(CLOSE, labels[Word.CLOSE]).putExtra(DIRECTION, Look(context, labels.words).direction)
    }
}

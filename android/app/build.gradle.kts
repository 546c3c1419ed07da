plugins { alias(libs.plugins.android.application) }

android {
    namespace = libs.versions.applicationId.get()
    compileSdk = libs.versions.targetSdk.get().toInt()
    defaultConfig {
        applicationId = libs.versions.applicationId.get()
        minSdk = libs.versions.minSdk.get().toInt()
        targetSdk = libs.versions.targetSdk.get().toInt()
        versionCode = libs.versions.versionCode.get().toInt()
        versionName = libs.versions.versionName.get()
    }
    buildTypes.named("release") {
        isMinifyEnabled = true
        proguardFiles("keep.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    // The presenters are plain Kotlin with a build of their own; here they are simply sources.
    sourceSets.named("main") { kotlin.directories += "../presenters/src/main/kotlin" }
}

dependencies {
    implementation(project(":library"))
    implementation(libs.zxing)
}

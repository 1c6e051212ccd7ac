package version

import (
	"runtime/debug"
	"testing"
)

const revision = "3f2c9ab0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6"

func TestNoted(t *testing.T) {
	build := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}
	}
	checkout := []debug.BuildSetting{
		{Key: "GOOS", Value: "linux"},
		{Key: "vcs.revision", Value: revision},
		{Key: "vcs.time", Value: "2026-12-01T09:30:00Z"},
	}
	for _, test := range []struct {
		name  string
		build *debug.BuildInfo
		want  string
	}{
		{"a checkout of a tag", build("v0.1.0", checkout...), "deploysite 0.1.0 (commit 3f2c9ab0c1d2, 2026-12-01T09:30:00Z)"},
		{"a changed checkout", build("v0.1.1-0.20261201093000-3f2c9ab0c1d2+dirty", checkout...),
			"deploysite 0.1.1-0.20261201093000-3f2c9ab0c1d2+dirty (commit 3f2c9ab0c1d2, 2026-12-01T09:30:00Z)"},
		{"go install", build("v0.1.0"), "deploysite 0.1.0"},
		{"an archive without history", build("(devel)"), "deploysite devel"},
		{"no build information", nil, "deploysite devel"},
	} {
		if got := noted(test.build).line("deploysite"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestLinkedComesFirst(t *testing.T) {
	number, commit, date = "0.2.0", revision, "2026-12-02T10:00:00Z"
	t.Cleanup(func() { number, commit, date = "", "", "" })
	const want = "deploystart 0.2.0 (commit 3f2c9ab0c1d2, 2026-12-02T10:00:00Z)"
	if got := Line("deploystart"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

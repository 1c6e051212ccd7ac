// Package version tells which version of the tool this is.
//
// A release gets its version from the linker, as hooks/post_install.lua does it:
//
//	go build -ldflags "-X $pkg.number=0.1.0 -X $pkg.commit=3f2c9ab0c1d2… -X $pkg.date=2026-12-01T09:30:00Z" ./cmd/...
//
// where pkg is github.com/deploysite/deploysite/internal/version. Then
// Line("deploysite") is
//
//	deploysite 0.1.0 (commit 3f2c9ab0c1d2, 2026-12-01T09:30:00Z)
//
// Other binaries take the version that the go command wrote into them: the tag or
// pseudo-version of a checkout and its commit, or the version of "go install
// MODULE@VERSION". Without one the version is "devel".
package version

import (
	"runtime/debug"
	"strings"
)

// Set by the linker. The date is the commit's, so that two builds of one commit
// are the same.
var number, commit, date string

// An info is what is known of a build; "" is unknown.
type info struct{ number, commit, date string }

// Line is the answer to --version, without a newline.
func Line(program string) string { return current().line(program) }

// Number is the version alone, such as 0.1.0 or devel.
func Number() string { return current().name() }

func current() info {
	if number != "" {
		return info{number, commit, date}
	}
	build, _ := debug.ReadBuildInfo()
	return noted(build)
}

// noted is what the go command wrote into a binary; build is nil if it wrote nothing.
func noted(build *debug.BuildInfo) (i info) {
	if build == nil {
		return info{}
	}
	i.number = build.Main.Version
	for _, setting := range build.Settings {
		switch setting.Key {
		case "vcs.revision":
			i.commit = setting.Value
		case "vcs.time":
			i.date = setting.Value
		}
	}
	return i
}

// name is the number without the v of tags, so that all builds write it alike.
func (i info) name() string {
	if i.number == "" || i.number == "(devel)" {
		return "devel"
	}
	return strings.TrimPrefix(i.number, "v")
}

func (i info) line(program string) string {
	var details []string
	if i.commit != "" {
		details = append(details, "commit "+i.commit[:min(len(i.commit), 12)])
	}
	if i.date != "" {
		details = append(details, i.date)
	}
	line := program + " " + i.name()
	if len(details) > 0 {
		line += " (" + strings.Join(details, ", ") + ")"
	}
	return line
}

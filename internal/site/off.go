package site

import (
	"slices"

	"github.com/deploysite/deploysite/internal/problem"
)

// note keeps what a file switches off.
func (l *loader) note(src *source, file string, off *problem.Off) {
	if off != nil {
		l.off[src.project.Shown(file)] = off
		l.report(src, off.Unknown()...)
	}
}

// switchOff takes out the problems that the configuration, a file or a line switches
// off. It is the one place that does: a build, its page, --strict and a check agree.
func (l *loader) switchOff() {
	l.Problems = slices.DeleteFunc(l.Problems, func(p problem.Problem) bool {
		return slices.Contains(l.project.Config.Check.Off, p.Rule) || l.off[p.File].Covers(p)
	})
}

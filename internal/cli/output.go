package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
)

// Tell says something to people, one line, or as many as their terminal needs.
// Nothing in it can steer the terminal.
func (env *Env) Tell(format string, args ...any) {
	fmt.Fprintln(env.Stderr, env.fit(format, args...))
}

func (env *Env) fit(format string, args ...any) string {
	return tty.Fit(text.Visible(env.hide(fmt.Sprintf(format, args...))), tty.Width(env.Stderr))
}

func (env *Env) hide(s string) string {
	if env.Hide == nil {
		return s
	}
	return env.Hide(s)
}

// Problems tells what is wrong and where, and by which rules. Where there is anything, the error is
// ErrReported.
func (env *Env) Problems(problems []problem.Problem) error {
	for _, p := range problems {
		env.Tell("%s", p.Named())
	}
	if len(problems) > 0 {
		return ErrReported
	}
	return nil
}

// Findings prints problems with their rules. Programs get a line for each. People get
// blocks as wide as their terminal, with a blank line between files.
func (env *Env) Findings(w io.Writer, problems []problem.Problem) error {
	_, err := io.WriteString(w, env.hide(findings(problems, tty.Width(w))))
	return err
}

func findings(problems []problem.Problem, width int) string {
	var out strings.Builder
	for i, p := range problems {
		if width == 0 {
			fmt.Fprintln(&out, p.Named())
			continue
		}
		if i > 0 && p.File != problems[i-1].File {
			out.WriteString("\n")
		}
		fmt.Fprintln(&out, tty.Fit(p.Block(), width))
	}
	return out.String()
}

// JSON prints a value on one line.
func (env *Env) JSON(v any) error { return env.indentedJSON(v, "") }

// IndentedJSON prints a value with a line for each of its parts.
func (env *Env) IndentedJSON(v any) error { return env.indentedJSON(v, "  ") }

func (env *Env) indentedJSON(v any, indent string) error {
	data, err := json.Marshal(v)
	if indent != "" {
		data, err = json.MarshalIndent(v, "", indent)
	}
	if err != nil {
		return err
	}
	shown := stringJSON.ReplaceAllFunc(data, env.hideInJSON)
	if env.Hide != nil && secrets.Marks(string(shown)) != nil {
		env.Tell("%s: what is printed holds what looks like a secret; a mark is in its place", env.Name)
	}
	_, err = fmt.Fprintf(env.Stdout, "%s\n", text.SafeJSON(shown))
	return err
}

var stringJSON = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// hideInJSON takes the secrets out of one string.
func (env *Env) hideInJSON(written []byte) []byte {
	var s string
	if err := json.Unmarshal(written, &s); err != nil || env.hide(s) == s {
		return written
	}
	hidden, _ := json.Marshal(env.hide(s)) // a string can be written
	return hidden
}

// Names are the words that a type of words has, for a sentence or for completion.
func Names[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// Path is a path that was given on the command line, as seen from -C.
func (env *Env) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(env.Dir, name)
}

// Shown is a path as seen from the folder that the command was called in.
func Shown(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(here, absolute); err == nil {
		return relative
	}
	return absolute
}

// A Progress shows how far long work is, on a terminal only.
type Progress struct {
	w     io.Writer
	on    bool
	begun time.Time
	last  time.Time
	shown bool
}

// Progress begins to count how long the work takes.
func (env *Env) Progress() *Progress {
	return &Progress{w: env.Stderr, on: tty.Is(env.Stderr), begun: time.Now()}
}

// Show replaces the line. It is silent in the first half second, so that quick
// work flashes nothing.
func (p *Progress) Show(format string, args ...any) {
	now := time.Now()
	if !p.on || now.Sub(p.begun) < 500*time.Millisecond || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r"+format+"\x1b[K", args...)
}

// Clear takes the line away.
func (p *Progress) Clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

package serve

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// A build that may never end is told of, with what was saved.
func TestLongBuildIsTold(t *testing.T) {
	before := usualBuild
	usualBuild = time.Nanosecond
	defer func() { usualBuild = before }()
	root := t.TempDir()
	if err := generate.Project(root, 20, generate.Options{Seed: 4}); err != nil {
		t.Fatal(err)
	}
	live := NewLive("")
	defer live.Close()
	var told lockedBuffer
	env := &cli.Env{Dir: root, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &told, Getenv: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }}
	newRebuilder(env, Options{}, live, []string{"http://127.0.0.1/"}).build(t.Context(), []string{filepath.Join(root, "themes", "ours", "templates", "home.html")})
	for range 1000 { // the timer has a goroutine of its own
		if strings.Contains(told.String(), "themes/ours/templates/home.html: this takes longer than 1ns") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the terminal has %q", told.String())
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

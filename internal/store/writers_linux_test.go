package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/records"
)

// TestNoLineOfAProgramIsLost: a program appends lines while steps are marked. Marks are
// made or refused, and each line is there.
func TestNoLineOfAProgramIsLost(t *testing.T) {
	const lines = 20
	runs, lost, refused := 12, 0, 0
	if testing.Short() {
		runs = 3
	}
	for range runs {
		f := onDisk(t, steps(3)+"\n## Log\n\n")
		tee := exec.Command("tee", "-a", f.Path)
		in, err := tee.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		written := make(chan bool)
		mark := func(i int) {
			if _, _, err := f.Change(t.Context(), markLabel(fmt.Sprint("step ", i%3), records.Mark{State: records.States[i%4]})); errors.As(err, new(disk.Busy)) {
				refused++
			} else if err != nil && !errors.Is(err, errRaced) {
				t.Error(err)
			}
		}
		go func() {
			if err := tee.Start(); err != nil {
				t.Error(err)
			}
			for i := range lines {
				fmt.Fprintf(in, "line %d\n", i)
				time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
			}
			in.Close()
			tee.Wait()
			close(written)
		}()
		for i, ended := 0, false; !ended; i++ {
			mark(i)
			select {
			case <-written:
				ended = true
			default:
			}
		}
		mark(1)
		for i := range lines {
			if !strings.Contains(content(t, f), fmt.Sprintf("\nline %d\n", i)) {
				lost++
			}
		}
		onlyTheRecord(t, f)
	}
	t.Logf("%d of %d lines were lost in %d runs; %d changes were refused", lost, lines*runs, runs, refused)
	if lost > 0 {
		t.Errorf("%d lines were lost", lost)
	}
}

// TestRefusesWhatIsWritten: a program that does not end is not waited for without end,
// and the refusal names it.
func TestRefusesWhatIsWritten(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	tee := exec.Command("tee", "-a", f.Path)
	in, _ := tee.StdinPipe()
	out, _ := tee.StdoutPipe()
	if err := tee.Start(); err != nil {
		t.Fatal(err)
	}
	io.WriteString(in, "one\n")
	out.Read(make([]byte, 4)) // it has the file open
	var told []string
	f.Tell = func(what string) { told = append(told, what) }
	_, _, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.Done}))
	if err == nil || !strings.Contains(err.Error(), "tee (process ") || len(told) != 1 || !strings.Contains(told[0], "Waiting: "+recordName+" cannot be changed: tee") {
		t.Errorf("%v, told %q", err, told)
	}
	io.WriteString(in, "two\n")
	in.Close()
	tee.Wait()
	if got := content(t, f); got != "- [ ] a\none\ntwo\n" {
		t.Errorf("%q", got)
	}
}

// TestSlowEditor: an editor truncates the file and writes it in slow pieces, while
// steps are marked without a pause. What it saved is there.
func TestSlowEditor(t *testing.T) {
	f := onDisk(t, steps(3)+"\ncounter 0\n")
	ctx, stop := context.WithCancel(t.Context())
	marked, done := make(chan bool), make(chan bool)
	go func() { markWithoutPause(t, ctx, f, marked); close(done) }()
	lost, saves := 0, 100
	for i := range saves {
		if i%10 == 0 {
			<-marked // it gets its turn now and then
		}
		editor, err := os.OpenFile(f.Path, os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			t.Fatal(err)
		}
		for piece := range strings.SplitAfterSeq(fmt.Sprintf("%s\ncounter %d\n", steps(3), i), "\n") {
			io.WriteString(editor, piece)
			time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
		}
		editor.Close()
		if got := counter.FindString(content(t, f)); got != fmt.Sprint("counter ", i) {
			lost++
		}
	}
	stop()
	<-done
	t.Logf("%d of %d saves were lost", lost, saves)
	if lost > 0 {
		t.Errorf("%d of %d saves were lost", lost, saves)
	}
	onlyTheRecord(t, f)
}

// TestWriterAtTheExchange: who opens the file while it is exchanged gets the file that
// has the name afterwards.
func TestWriterAtTheExchange(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	was, err := f.read(os.O_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(filepath.Dir(f.Path), changedPrefix+"x"+tempSuffix)
	if err := os.WriteFile(temp, []byte("- ✅ a\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	late, err := os.OpenFile(f.Path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := swap(temp, f.Path); err != nil {
		t.Fatal(err)
	}
	if err := f.putBack(temp, was.source, []byte("- ✅ a\n"), true); !errors.Is(err, errRaced) {
		t.Error(err)
	}
	io.WriteString(late, "late\n")
	late.Close()
	if got := content(t, f); got != "- [ ] a\nlate\n" {
		t.Errorf("%q", got)
	}
}

// TestSwapByLink: where two files cannot be exchanged, the old one is kept as well.
func TestSwapByLink(t *testing.T) {
	f := onDisk(t, "old")
	temp := filepath.Join(filepath.Dir(f.Path), "temp")
	if err := os.WriteFile(temp, []byte("new"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := swapByLink(temp, f.Path); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(temp); content(t, f) != "new" || string(got) != "old" {
		t.Errorf("%q, %q", content(t, f), got)
	}
}

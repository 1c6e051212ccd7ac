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

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/faults"
)

// TestNoLineOfAProgramIsLost: a program appends lines while steps are marked. Marks are
// made or refused, as it comes, and each line is there.
func TestNoLineOfAProgramIsLost(t *testing.T) {
	programs := map[string]string{
		"keeps it open":          `exec tee -a "$0"`,
		"opens it for each line": `while read -r line; do echo "$line" >>"$0"; done`,
	}
	for name, script := range programs {
		t.Run(name, func(t *testing.T) {
			for range faults.Times(3, 12) {
				f := onDisk(t, steps(3)+"\n## Log\n\n")
				markWhile(t, f, appendLines(t, f, script, 20))
				for i := range 20 {
					if !strings.Contains(content(t, f), fmt.Sprintf("\nline %d\n", i)) {
						t.Errorf("line %d is lost", i)
					}
				}
				onlyTheRecord(t, f)
			}
		})
	}
}

// appendLines lets a shell script append lines to the file, and tells when it has.
func appendLines(t *testing.T, f File, script string, lines int) (written <-chan error) {
	t.Helper()
	program := exec.Command("sh", "-c", script, f.Path)
	in, err := program.StdinPipe()
	if err == nil {
		err = program.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		for i := range lines {
			fmt.Fprintf(in, "line %d\n", i)
			time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
		}
		in.Close()
		ended <- program.Wait()
	}()
	return ended
}

// markWhile marks steps until a program has ended. Afterwards nothing is in the way.
func markWhile(t *testing.T, f File, written <-chan error) {
	t.Helper()
	mark := func(i int) error {
		_, _, err := f.Change(t.Context(), markLabel(fmt.Sprint("step ", i%3), records.Mark{State: records.States[i%4]}))
		return err
	}
	for i := 0; ; i++ {
		if err := mark(i); err != nil && !gaveWay(err) {
			t.Error(err)
		}
		select {
		case err := <-written:
			if err := errors.Join(err, mark(1)); err != nil {
				t.Error(err)
			}
			return
		default:
		}
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
	lost, saves := 0, faults.Times(30, 100)
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

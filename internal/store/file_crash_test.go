package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/faults"
)

// The test binary is also the program that gets killed, or works as another user.
func TestMain(m *testing.M) {
	if path := os.Getenv("TEST_MARK_STEPS_OF"); path != "" {
		markUntilKilled(File{Path: path, Name: "record"})
	}
	if path := os.Getenv("TEST_MARK_A_OF"); path != "" {
		f := File{Path: path, Name: "record", Tell: func(what string) { fmt.Println(what) }}
		_, _, err := f.Change(context.Background(), markLabel("a", records.Mark{State: records.Done}))
		fmt.Println(err)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// markUntilKilled marks all steps with one state, then with the next, and says
// so after each.
func markUntilKilled(f File) {
	for i := 0; ; i++ {
		_, after, err := f.Change(context.Background(), markAllSteps(records.States[i%3]))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(after.Steps[0].State)
	}
}

func markAllSteps(state records.State) records.Change {
	return func(r *records.Record) (*records.Record, error) {
		var all []records.Change
		for i := range r.Steps {
			all = append(all, records.MarkStep(r.Ref(i), records.Mark{State: state}))
		}
		return records.Changes(all...)(r)
	}
}

func TestKilledWhileChanging(t *testing.T) {
	f := onDisk(t, steps(10))
	for range faults.Times(10, 60) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "TEST_MARK_STEPS_OF="+f.Path)
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		wholeRecord(t, f, out.String())
	}
}

// wholeRecord: all steps have one state, and it is not older than the last one
// that was told.
func wholeRecord(t *testing.T, f File, told string) {
	t.Helper()
	r, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Steps {
		if s.State != r.Steps[0].State {
			t.Fatalf("half of it is written: %s", r.Source)
		}
	}
	words := strings.Fields(told)
	if len(r.Steps) != 10 || len(words) > 1 && string(r.Steps[0].State) == words[len(words)-2] {
		t.Errorf("told %q, there is %s", words, r.Source)
	}
}

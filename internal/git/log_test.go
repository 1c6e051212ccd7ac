package git

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// branching is a random history for git fast-import, with merges, commits of records
// alone, and times that run backwards.
func branching(rng *rand.Rand, commits int) *bytes.Buffer {
	var b bytes.Buffer
	for i := 1; i <= commits; i++ {
		at := 1_700_000_000 + 1000*i - rng.IntN(3000)
		fmt.Fprintf(&b, "commit refs/heads/b%d\nmark :%d\ncommitter Ada Park <ada@example.org> %d +0000\n", i, i, at)
		fmt.Fprintf(&b, "data <<END\nchange %d\nEND\n", i)
		if i > 1 {
			fmt.Fprintf(&b, "from :%d\n", max(1, i-1-rng.IntN(4)))
		}
		if i > 5 && rng.IntN(4) == 0 {
			fmt.Fprintf(&b, "merge :%d\n", i-1-rng.IntN(5))
		}
		files := []string{"main.go", "deployments/checklists/a.md"}
		for _, file := range [][]string{files, files[:1], files[1:], nil}[rng.IntN(4)] {
			fmt.Fprintf(&b, "M 644 inline %s\ndata <<END\n%d\nEND\n", file, i)
		}
		b.WriteByte('\n')
	}
	return &b
}

// One run of git for many pairs tells of each what git tells of that pair alone.
func TestLogIsWhatGitSaysOfEachPair(t *testing.T) {
	isolate(t)
	for seed := range uint64(3) {
		repo, rng := newRepo(t), rand.New(rand.NewPCG(seed, 1))
		const commits = 40
		cmd := exec.Command("git", "fast-import", "--quiet")
		cmd.Dir, cmd.Stdin = repo.Top, branching(rng, commits)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		refs, err := repo.output(t.Context(), "for-each-ref", "--format=%(objectname)", "refs/heads")
		if err != nil {
			t.Fatal(err)
		}
		hashes := strings.Fields(refs)
		const folder = "deployments/checklists"
		asked := append(strings.Fields(strings.ToUpper(refs)), "0123456789", "v1.2.3", "--all") // people write capitals, too
		log, err := repo.Log(t.Context(), asked, folder)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			from, to := hashes[rng.IntN(commits)], hashes[rng.IntN(commits)][:12]
			want, err := repo.Between(t.Context(), from, to, 100, folder)
			if err != nil {
				t.Fatal(err)
			}
			got, err := log.Between(from, to, 100)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
				t.Fatalf("seed %d: from %s to %s: -git +log\n%s", seed, from, to, diff)
			}
			if few, err := log.Between(from, to, 2); err != nil || few.More != (len(got.Added)+len(got.Missing) > 2) || len(few.Added)+len(few.Missing) > 2 {
				t.Fatalf("of at most 2: %v, %v", few, err)
			}
		}
	}
}

func sorted(c Changes) [2]map[string]string {
	all := [2]map[string]string{{}, {}}
	for i, side := range [][]LogEntry{c.Added, c.Missing} {
		for _, e := range side {
			all[i][e.Hash] = e.Subject
		}
	}
	return all
}

func TestLogOfUnknownCommits(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.txt", "1\n")
	commit(t, repo.Top, "first")
	const unknown = "0123456789abcdef0123456789abcdef01234567"
	for _, hashes := range [][]string{nil, {"v1.2.3"}, {unknown}, {unknown[:8], "HEAD", head(t, repo)}} {
		log, err := repo.Log(t.Context(), hashes, "")
		if err != nil {
			t.Fatal(hashes, err)
		}
		for _, hash := range []string{unknown, unknown[:8], "v1.2.3", ""} {
			if _, err := log.Between(hash, head(t, repo), 10); !errors.Is(err, ErrUnknownCommit) {
				t.Errorf("%v: what %q is was not asked, and yet it says %v", hashes, hash, err)
			}
		}
	}
}

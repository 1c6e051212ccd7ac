package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSignatures signs with SSH: without a list of signers nobody can tell, with one the
// signature is good, and a commit whose text was changed afterwards has a bad one.
func TestSignatures(t *testing.T) {
	repo := newRepo(t)
	key := filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada@example.org", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("signatures cannot be tested without ssh-keygen: %v: %s", err, out)
	}
	save(t, repo.Top, "a.md", "one")
	run(t, repo.Top, "add", ".")
	run(t, repo.Top, "commit", "-qm", "plain")
	plain := head(t, repo)
	run(t, repo.Top, "-c", "gpg.format=ssh", "-c", "user.signingkey="+key, "commit", "-q", "-S", "--allow-empty", "-m", "signed")
	signed := head(t, repo)
	objects, err := repo.ReadObjects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer objects.Close()
	read := func(name, want string) string {
		t.Helper()
		content, err := objects.Read(name)
		if err != nil || want != "" && string(content) != want || want == "" && content != nil && !strings.HasPrefix(string(content), "tree ") {
			t.Errorf("%s is %q, %v; want %q", name, content, err, want)
		}
		return string(content)
	}
	read(plain+":a.md", "one")
	read(plain+":no such.md", "")
	read(strings.Repeat("0", 40), "")
	forged := forge(t, repo, strings.Replace(read(signed, ""), "\nsigned", "\nforged", 1))
	for commit, want := range map[string]bool{plain: false, signed: true, forged: true} {
		if is, err := objects.IsSigned(commit); is != want || err != nil {
			t.Errorf("%s is signed: %t, %v", commit, is, err)
		}
	}

	expect := func(name, want string) {
		t.Helper()
		got, err := repo.Verify(t.Context(), []string{signed, forged})
		if letters := got[signed] + got[forged]; err != nil || letters != want {
			t.Errorf("%s: %q, %v; want %q", name, letters, err, want)
		}
	}
	expect("without a list of signers", "")
	public, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	signers := filepath.Join(t.TempDir(), "signers")
	save(t, filepath.Dir(signers), "signers", "ada@example.org "+string(public))
	run(t, repo.Top, "config", "gpg.ssh.allowedSignersFile", signers)
	expect("with a list of signers", "GB")
}

// forge writes a commit as it is given.
func forge(t *testing.T, repo *Repo, object string) string {
	t.Helper()
	cmd := exec.Command("git", "hash-object", "-t", "commit", "-w", "--stdin")
	cmd.Dir, cmd.Stdin = repo.Top, strings.NewReader(object)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// Command release makes what a release consists of, into a folder:
//
//	deploysite_0.1.0_linux_amd64.tar.gz    one for each system; for Windows a .zip
//	deploysite_0.1.0_sbom.cdx.json         what they are made of (CycloneDX)
//	deploysite_0.1.0_checksums.txt         SHA-256 of all of these
//
// An archive has the two commands, their manual pages and completions, and the licences
// of all that is compiled into them. The same commit gives the same bytes, in whatever
// folder and whenever it is built.
//
//	go run ./internal/release                          # the commit has a tag such as v0.1.0
//	go run ./internal/release -snapshot                # any commit, to try it
//	go run ./internal/release -licences                # list the licences and stop
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// targets are the systems that archives are made for, as GOOS/GOARCH.
var targets = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64"}

var programs = []string{"deploysite", "deploystart"}

func main() {
	output := flag.String("output", "dist", "the `folder` for the archives; it must be empty or not exist")
	snapshot := flag.Bool("snapshot", false, "release a commit without a tag, under a version that is none")
	tag := flag.String("tag", "", "the `tag` to release, where the commit has several")
	only := flag.String("only", "", "make the archive of one `system` alone, such as linux/amd64")
	licences := flag.Bool("licences", false, "list the licences of all modules, and make nothing")
	flag.Parse()
	var err error
	if *licences {
		err = listLicences(os.Stdout)
	} else {
		err = makeRelease(*output, *only, *tag, *snapshot)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// release is a commit that gets archives.
type release struct {
	version string // "0.1.0"
	commit  string
	date    time.Time // of the commit
}

func makeRelease(output, only, tag string, snapshot bool) error {
	r, err := describe(tag, snapshot)
	if err != nil {
		return err
	}
	wanted := targets
	if only != "" {
		if !slices.Contains(targets, only) {
			return fmt.Errorf("there is no archive for %q, but for %s", only, strings.Join(targets, ", "))
		}
		wanted = []string{only}
	}
	if found, err := os.ReadDir(output); err == nil && len(found) > 0 {
		return fmt.Errorf("%s holds files already; remove it, or give another folder by -output", output)
	}
	if err := os.MkdirAll(output, 0o777); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "deploysite-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	modules, err := modulesOf(targets) // all of them, so that one archive alone has the bytes that it has among the others
	if err != nil {
		return err
	}
	shared, err := r.shared(work, modules)
	if err != nil {
		return err
	}
	for i, target := range wanted { // each takes a minute or more
		if err := r.archive(output, work, target, shared); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
		fmt.Fprintf(os.Stderr, "%d of %d: %s\n", i+1, len(wanted), target)
	}
	if err := r.writeSBOM(output, modules); err != nil {
		return err
	}
	return r.writeChecksums(output)
}

// versionTag is how the tags of releases look.
var versionTag = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

// describe finds the commit that is checked out, and its tag. What is released must be
// what is committed.
func describe(tag string, snapshot bool) (r release, err error) {
	changed, err := run(nil, "git", "status", "--porcelain")
	if err == nil && changed != "" {
		err = errors.New("there are changes that are not committed; commit or stash them")
	}
	if err != nil {
		return r, err
	}
	facts, err := run(nil, "git", "-c", "log.showSignature=false", "log", "-1", "--format=%H %cI")
	if err != nil {
		return r, err
	}
	commit, date, _ := strings.Cut(facts, " ")
	r.commit = commit
	if r.date, err = time.Parse(time.RFC3339, date); err != nil {
		return r, err
	}
	r.date = r.date.UTC()
	if snapshot {
		r.version = "0.0.0-snapshot." + commit[:12]
		return r, nil
	}
	r.version, err = versionOf(tag)
	return r, err
}

// versionOf is the version by the tag that the commit has.
func versionOf(tag string) (string, error) {
	out, err := run(nil, "git", "tag", "--points-at", "HEAD")
	if err != nil {
		return "", err
	}
	tags := slices.DeleteFunc(strings.Fields(out), func(t string) bool { return !versionTag.MatchString(t) || tag != "" && t != tag })
	switch {
	case len(tags) == 1:
		return tags[0][1:], nil
	case len(tags) > 1:
		return "", fmt.Errorf("the commit has the tags %s; say which by -tag", strings.Join(tags, ", "))
	case tag != "":
		return "", fmt.Errorf("%s is no tag of this commit that looks like v0.1.0", tag)
	}
	return "", errors.New("the commit has no tag such as v0.1.0; tag it, or try with -snapshot")
}

// build compiles the commands for a target, once, as hooks/post_install.lua does.
func (r release) build(work, target string) (dir string, err error) {
	dir = filepath.Join(work, strings.ReplaceAll(target, "/", "_"))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	system, processor, _ := strings.Cut(target, "/")
	const set = "-X github.com/deploysite/deploysite/internal/version."
	flags := "-s -w " + set + "number=" + r.version + " " + set + "commit=" + r.commit + " " + set + "date=" + r.date.Format(time.RFC3339)
	env := []string{"CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS=" + system, "GOARCH=" + processor, "GOAMD64=v1", "GOARM64=v8.0"}
	_, err = run(env, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", dir+string(filepath.Separator), "./cmd/...")
	return dir, err
}

// shared are the files that are the same in all archives, by their paths there.
func (r release) shared(work string, modules []module) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	pages, err := filepath.Glob("docs/man/*.1")
	if err == nil && len(pages) == 0 {
		err = errors.New("there are no manual pages in docs/man")
	}
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		if files["share/man/man1/"+filepath.Base(page)], err = os.ReadFile(page); err != nil {
			return nil, err
		}
	}
	if err := r.addCompletions(files, work); err != nil {
		return nil, err
	}
	return files, addLicences(files, modules)
}

// completions are where each shell looks, below share.
var completions = map[string]string{
	"bash":       "share/bash-completion/completions/%s",
	"zsh":        "share/zsh/site-functions/_%s",
	"fish":       "share/fish/vendor_completions.d/%s.fish",
	"powershell": "share/powershell/%s.ps1",
}

// addCompletions asks the commands of this machine for them.
func (r release) addCompletions(files map[string][]byte, work string) error {
	here, err := r.build(work, runtime.GOOS+"/"+runtime.GOARCH)
	if err != nil {
		return err
	}
	for _, program := range programs {
		for shell, place := range completions {
			script, err := run(nil, filepath.Join(here, program), "completion", shell)
			if err != nil {
				return err
			}
			files[fmt.Sprintf(place, program)] = []byte(script + "\n")
		}
	}
	return nil
}

// run runs a program with some variables set, and returns what it printed.
func run(env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(stdout.String()), nil
}

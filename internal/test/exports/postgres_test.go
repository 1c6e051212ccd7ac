package exports

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// socket is the folder of the socket on which the server listens.
var socket string

// program is one of PostgreSQL's: the newest that Debian has, else that on PATH.
func program(name string) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	return append(found, name)[0]
}

// start starts a server without a network in a folder of its own. It refuses to be
// root; as root it is the user postgres, whom Debian's package makes.
func start() (stop func(), err error) {
	if socket, err = os.MkdirTemp("", "postgres"); err != nil {
		return nil, err
	}
	runtime.LockOSThread() // the main one, which ends with the tests
	var as []string
	if os.Getuid() == 0 {
		if as, err = unprivileged(socket); err != nil {
			return nil, err
		}
	}
	command := func(name string, args ...string) *exec.Cmd {
		line := append(append(slices.Clone(as), program(name)), args...)
		cmd := exec.Command(line[0], line[1:]...)
		cmd.Dir = socket
		return cmd
	}
	data := filepath.Join(socket, "data")
	if out, err := command("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C", "--pgdata="+data).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	server := command("postgres", "-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "fsync=off")
	log, err := os.Create(filepath.Join(socket, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
		os.RemoveAll(socket)
	}
	if err := wait(); err != nil {
		said, _ := os.ReadFile(log.Name())
		stop()
		return nil, fmt.Errorf("%w\n%s", err, said)
	}
	return stop, nil
}

// unprivileged is what runs a command as the user postgres, to whom it gives a folder,
// and ends it when the thread that began it ends, however that is.
func unprivileged(folder string) (as []string, err error) {
	postgres, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(postgres.Uid)
	gid, _ := strconv.Atoi(postgres.Gid)
	return []string{"setpriv", "--reuid=" + postgres.Uid, "--regid=" + postgres.Gid, "--clear-groups", "--pdeathsig=INT"}, os.Chown(folder, uid, gid)
}

// wait waits until the server answers.
func wait() error {
	for range 600 {
		if exec.Command(program("pg_isready"), "--quiet", "--host="+socket).Run() == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the server does not answer")
}

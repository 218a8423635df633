// Package pgtest gives tests a real PostgreSQL: Debian's, started once for a test program, in a folder of its own and on a Unix
// socket there, with an empty database for each test.
//
// It owns that folder and removes it. It never touches a server that it has not started.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

var (
	start = sync.OnceValues(startServer)
	stop  func()
	made  atomic.Int64
)

// Main runs the tests, then stops the server if one was started. Call it from TestMain.
func Main(m *testing.M) int {
	code := m.Run()
	if stop != nil {
		stop()
	}
	return code
}

// Database gives the address of a new, empty database. Without PostgreSQL the test is skipped, or fails where everything must be there.
func Database(t *testing.T) string {
	t.Helper()
	dir, err := start()
	if errors.Is(err, errMissing) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d", made.Add(1))
	db, err := sql.Open("pgx", address(dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return address(dir, name)
}

// Copy gives the address of a copy of a database of Database, which nobody may be connected to; Drop removes it.
func Copy(ctx context.Context, original string) (string, error) {
	name := fmt.Sprintf("t%d", made.Add(1))
	err := maintain(ctx, original, "CREATE DATABASE "+name+" TEMPLATE "+nameIn(original))
	return strings.Replace(original, nameIn(original), name, 1), err
}

// Drop removes a database, whoever is connected to it.
func Drop(ctx context.Context, of string) error {
	return maintain(ctx, of, "DROP DATABASE "+nameIn(of)+" WITH (FORCE)")
}

// maintain runs a statement on the server of a database.
func maintain(ctx context.Context, of, statement string) error {
	db, err := sql.Open("pgx", strings.Replace(of, nameIn(of), "postgres", 1))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

// nameIn is the name of the database in an address.
func nameIn(address string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(address, "postgres:///"), "?")
	return name
}

func address(dir, name string) string { return "postgres:///" + name + "?user=postgres&host=" + dir }

var errMissing = errors.New("PostgreSQL is missing: apt install postgresql")

// program finds a program of the newest PostgreSQL that Debian has installed.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", errMissing
	}
	slices.Sort(found)
	return found[len(found)-1], nil
}

// startServer gives the folder of a running server. PostgreSQL refuses to run as root: then it runs as nobody.
func startServer() (dir string, err error) {
	initdb, err := program("initdb")
	if err != nil {
		return "", err
	}
	server, err := program("postgres")
	if err != nil {
		return "", err
	}
	if dir, err = os.MkdirTemp("", "pgtest-"); err != nil {
		return "", err
	}
	as := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if os.Getuid() == 0 {
		if as.Credential, err = nobody(); err != nil {
			return "", err
		}
		if err := os.Chown(dir, int(as.Credential.Uid), int(as.Credential.Gid)); err != nil {
			return "", err
		}
	}
	data := filepath.Join(dir, "data")
	c := command(as, initdb, "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C.UTF-8")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	// No test cuts this server's power: it need not wait for the disk.
	c = command(as, server, "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "fsync=off", "-c", "full_page_writes=off")
	if err := startBound(c); err != nil {
		return "", err
	}
	stop = func() {
		_ = c.Process.Signal(syscall.SIGINT) // fast shutdown; it may be gone already
		_, _ = c.Process.Wait()
		os.RemoveAll(dir)
	}
	return dir, await(dir)
}

func command(as *syscall.SysProcAttr, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.SysProcAttr = "/", as
	return c
}

// startBound starts a program from a thread that lives as long as this one does: the kernel ends the program when the thread that
// started it ends.
func startBound(c *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- c.Start()
		select {}
	}()
	return <-started
}

func nobody() (*syscall.Credential, error) {
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// await waits until the server answers.
func await(dir string) error {
	db, err := sql.Open("pgx", address(dir, "postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	for range 300 {
		if err = db.PingContext(context.Background()); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL does not answer: %w", err)
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge/wire"
)

// dataDir is where the box keeps its things: as told, else below the user's own data directory.
func (c *cli) dataDir() string {
	if c.Data != "" {
		return c.Data
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jembe")
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "jembe")
	}
	return "/var/lib/jembe"
}

// Validate refuses a place that no document can name: advice would silently go missing. Kong calls it.
func (c *cli) Validate() error {
	if err := c.place().Validate(); err != nil {
		return err
	}
	_, err := c.contacts()
	return err
}

// place is where the box stands, as configured.
func (c *cli) place() advisory.Place {
	return advisory.Place{Country: strings.ToUpper(c.Country), Zone: strings.ToLower(c.Zone)}
}

// ownSettings are what flags, environment and configuration say; the office's settings hold where they say nothing.
func (c *cli) ownSettings() (wire.Settings, error) {
	contacts, err := c.contacts()
	return wire.Settings{Country: c.place().Country, Zone: c.place().Zone, Contacts: contacts}, err
}

// configResolver takes flags that were neither given nor set in the environment from the configuration file.
func configResolver(c *cli) kong.Resolver {
	var values map[string]string
	return kong.ResolverFunc(func(k *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if values == nil {
			var err error
			if values, err = readConfig(configFile(k)); err != nil {
				return nil, err
			}
			if err := unknownKeys(k, values); err != nil {
				return nil, err
			}
		}
		for _, env := range flag.Envs {
			if v, ok := values[env]; ok && os.Getenv(env) == "" {
				return v, nil
			}
		}
		return nil, nil
	})
}

// configFile finds the file before flags have their values: from the command line, else the environment, else the data directory.
func configFile(k *kong.Context) (path string, required bool) {
	given := func(name, env string) string {
		for _, p := range k.Path {
			if p.Flag != nil && p.Flag.Name == name {
				return k.FlagValue(p.Flag).(string)
			}
		}
		return os.Getenv(env)
	}
	if path := given("config", "JEMBE_CONFIG"); path != "" {
		return path, true
	}
	c := cli{Data: given("data", "JEMBE_DATA")}
	return filepath.Join(c.dataDir(), "jembe.conf"), false
}

// readConfig reads KEY=value lines; empty lines and lines that start with # are passed over.
func readConfig(path string, required bool) (map[string]string, error) {
	values := map[string]string{}
	f, err := os.Open(path)
	if !required && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)) {
		return values, nil
	}
	if err != nil {
		return nil, badConfig(fmt.Errorf("configuration: %w", err), "name a file that can be read with --config or JEMBE_CONFIG")
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || !strings.HasPrefix(key, "JEMBE_") {
			return nil, badConfig(fmt.Errorf("%s:%d: this line cannot be read", path, n), "write lines such as JEMBE_LISTEN=0.0.0.0:8080")
		}
		values[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), `"'`)
	}
	return values, lines.Err()
}

// badConfig is the error of a configuration file.
func badConfig(err error, do string) error {
	return &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: do}
}

// unknownKeys refuses a key that is no flag's, which is a spelling mistake.
func unknownKeys(k *kong.Context, values map[string]string) error {
	var known []string
	err := kong.Visit(k.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known = append(known, flag.Envs...)
		}
		return next(nil)
	})
	for key := range values {
		if !slices.Contains(known, key) {
			return badConfig(fmt.Errorf("configuration: %s is not a setting", key), "choose one of "+strings.Join(known, ", "))
		}
	}
	return err
}

// print shows a result: as JSON where that was asked for, else the text.
func (p *program) print(c *cli, value any, text string) error {
	return terminal.Print(p.stdout, c.JSON, value, text)
}

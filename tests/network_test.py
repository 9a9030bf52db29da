"""No network calls of its own: what neither program takes from any library is a way to call somebody. `serve` only listens, by httplib::Server.

usage: network_test.py REPORTEDLY REPORTEDLY-IMPORT      needs nm (binutils)
"""
import re
import shutil
import subprocess
import sys
import unittest

PROGRAM, IMPORTER = sys.argv[1:3]
# sendmsg is not among them: it hands files to the parsers, over a pair that socketpair makes.
CALLS = re.compile(r'connect|getaddrinfo|gethostby\w+|sendto|sendmmsg|res_\w+|curl_\w+|socket')
CLIENTS = re.compile(r'httplib.*Client')


def imported(path: str) -> list[str]:
    """Names of the functions that a program takes from shared libraries, without their versions."""
    done = subprocess.run(['nm', '-D', '--undefined-only', path], capture_output=True, text=True, check=True)
    return [line.split()[-1].split('@')[0] for line in done.stdout.splitlines() if line.strip()]


class Network(unittest.TestCase):
    def test_nobody_is_called(self):
        for path in (PROGRAM, IMPORTER):
            names = imported(path)
            self.assertGreater(len(names), 50, f'{path}: nm lists too few names to tell anything')
            self.assertEqual([n for n in names if CALLS.fullmatch(n) or CLIENTS.search(n)], [], path)

    def test_the_parsers_do_not_listen(self):
        self.assertEqual([n for n in imported(IMPORTER) if 'httplib' in n or n in ('bind', 'listen', 'accept')], [])

    def test_who_calls_would_be_seen(self):
        for name in ('connect', 'getaddrinfo', '_ZN7httplib10ClientImpl3GetERKNSt7__cxx1112basic_stringIcEE'):
            self.assertTrue(CALLS.fullmatch(name) or CLIENTS.search(name), name)
        self.assertIn('_ZN7httplib6Server17listen_after_bindEv', imported(PROGRAM))


if __name__ == '__main__':
    if not shutil.which('nm'):
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])

# The door of a box: opens sockets inside it on request and hands them to the agent outside. A socket belongs for ever to the
# network it was opened in, whoever holds it. Ends with its agent, and the box with it. What door.ts does, at a fifth of its
# price: each node starts one.
#
#     perl door.pl <number of sendmsg(2) on this machine>
#
# Speaks as a child of Node.js does over the channel that NODE_CHANNEL_FD names: JSON, a line each. A socket goes with the
# line that wraps its answer as NODE_HANDLE (Node.js, lib/internal/child_process.js). perl-base has no sendmsg, so the
# system is called by number; records are those of a Linux of 64 bits (recvmsg(2), cmsg(3)).
use strict;
BEGIN { $^W = 1 }    # warns as warnings.pm does; that file, constant, Errno, Fcntl and Socket cost more than all else here

# By number: Linux has them so on all machines that doorProgram.ts names.
sub AF_INET()        { 2 }
sub AF_INET6()       { 10 }
sub SOCK_STREAM()    { 1 }
sub SOCK_DGRAM()     { 2 }
sub SOCK_NONBLOCK()  { 2_048 }
sub SOL_SOCKET()     { 1 }
sub SO_REUSEADDR()   { 2 }
sub SO_ERROR()       { 4 }
sub IPPROTO_IPV6()   { 41 }
sub IPV6_V6ONLY()    { 26 }
sub SCM_RIGHTS()     { 1 }
sub F_GETFL()        { 3 }
sub F_SETFL()        { 4 }
sub O_NONBLOCK()     { 2_048 }
sub EINTR()          { 4 }
sub EINPROGRESS()    { 115 }

sub BACKLOG()        { 511 }
sub READ()           { 65_536 }
sub DOOR_IS_OPEN()   { 0 }
sub CONNECTED()      { -1 }
sub ANY_IPV4()       { "\0" x 4 }
sub ANY_IPV6()       { "\0" x 16 }

my ($sendmsg) = map { 0 + $_ } @ARGV;
my $channel_number = 0 + $ENV{NODE_CHANNEL_FD};
open(my $channel, '+<&=', $channel_number) or die "channel: $!\n";
# The agent always reads: to wait for it is simpler than to keep what it has not taken.
fcntl($channel, F_SETFL, fcntl($channel, F_GETFL, 0) & ~O_NONBLOCK) or die "channel: $!\n";

my %serving;       # file number → a socket that listens
my %connecting;    # file number → { socket, id, left: seconds it may take, undefined: the system's limit }
my $coming = '';   # of the agent, until a line is whole
my %reading;       # file number → { file, take: called when there is something to read; false: no more of it }

answer(DOOR_IS_OPEN);
while (1) {
    my ($readable, $writable) = ('', '');
    vec($readable, $_, 1) = 1 for $channel_number, keys %serving, keys %reading;
    vec($writable, $_, 1) = 1 for keys %connecting;
    my ($wait) = sort { $a <=> $b } map { $_->{left} // () } values %connecting;
    my ($ready, $rest) = select($readable, $writable, undef, $wait);
    if ($ready < 0) { next if $! == EINTR; die "select: $!\n" }
    settle($writable, defined $wait ? $wait - $rest : 0);
    hand_over_connections(grep { vec($readable, $_, 1) } keys %serving);
    for my $number (grep { vec($readable, $_, 1) } keys %reading) { delete $reading{$number} unless $reading{$number}{take}->() }
    take_requests() if vec($readable, $channel_number, 1);
}

# For firstProcess.pl, as is all that follows which it calls.
sub read_from { my ($file, $take) = @_; $reading{fileno $file} = { file => $file, take => $take } }

sub close_all { close($_) for $channel, values %serving, map { $_->{socket} } values %connecting }

sub take_requests {
    my $read = sysread($channel, $coming, READ, length $coming);
    if (!defined $read) { return if $! == EINTR; exit 0 }
    exit 0 if $read == 0;
    while ($coming =~ s/^([^\n]*)\n//) {
        my $line = $1;
        # What else Node.js says is about handles that have arrived.
        my ($kind) = $line =~ /"kind":"(\w+)"/ or next;
        my ($id) = $line =~ /"id":(\d+)/;
        if    ($kind eq 'serve')     { serve($id, ($line =~ /"ports":\[([\d,]*)\]/)[0]) }
        elsif ($kind eq 'connect')   { start_connecting($id, place_in($line), $line =~ /"timeoutMs":([\d.]+)/) }
        elsif ($kind eq 'datagrams') { bind_datagrams($id, place_in($line)) }
        elsif ($kind eq 'relay')     { FirstProcess::start_relay($id) }
    }
}

# Family, address as connect(2) and bind(2) take it.
sub place_in {
    my ($host, $port) = ($_[0] =~ /"host":"([\da-fA-F:.]+)"/, $_[0] =~ /"port":(\d+)/);
    if ($host !~ /:/) { return (AF_INET, ipv4_place($port, pack('C4', split /\./, $host))) }
    require Socket;
    return (AF_INET6, ipv6_place($port, Socket::inet_pton(AF_INET6, $host)));
}

sub ipv4_place { my ($port, $address) = @_; return pack('S n a4 x8', AF_INET, $port, $address) }
sub ipv6_place { my ($port, $address) = @_; return pack('S n x4 a16 x4', AF_INET6, $port, $address) }

# At any address of either version; where IPv6 is off, the box says so and IPv4 is left.
sub serve {
    my ($id, $ports) = @_;
    for my $port (split /,/, $ports) {
        my $socket = listening(AF_INET6, ipv6_place($port, ANY_IPV6))
            // listening(AF_INET, ipv4_place($port, ANY_IPV4))
            // return answer($id, error_code());
        $serving{fileno $socket} = $socket;
    }
    answer($id);
}

sub listening {
    my ($family, $address) = @_;
    my $socket = new_socket($family, SOCK_STREAM) // return;
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) or return;
    if ($family == AF_INET6) { setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0) or return }
    bind($socket, $address) && listen($socket, BACKLOG) or return;
    return $socket;
}

sub hand_over_connections {
    for my $server (@serving{@_}) {
        while (accept(my $socket, $server)) { hand_over(CONNECTED, $socket, 'net.Socket') }
    }
}

sub start_connecting {
    my ($id, $family, $address, $timeout_ms) = @_;
    my $socket = new_socket($family, SOCK_STREAM) // return answer($id, error_code());
    if (connect($socket, $address)) { return hand_over($id, $socket, 'net.Socket') }
    if ($! != EINPROGRESS) { return answer($id, error_code()) }
    my $left = defined $timeout_ms ? $timeout_ms / 1_000 : undef;
    $connecting{fileno $socket} = { socket => $socket, id => $id, left => $left };
}

# Connections that the system has decided about, or for which nobody waits any more. Seconds went by since the last time.
sub settle {
    my ($writable, $seconds) = @_;
    for my $number (keys %connecting) {
        my $one = $connecting{$number};
        my ($socket, $id) = @$one{qw(socket id)};
        my $is_decided = vec($writable, $number, 1);
        $one->{left} -= $seconds if defined $one->{left};
        next if !$is_decided && !(defined $one->{left} && $one->{left} <= 0);
        delete $connecting{$number};
        if (!$is_decided) { answer($id, 'ETIMEDOUT'); next }
        $! = unpack('i', getsockopt($socket, SOL_SOCKET, SO_ERROR));
        if ($! == 0) { hand_over($id, $socket, 'net.Socket') } else { answer($id, error_code()) }
    }
}

sub bind_datagrams {
    my ($id, $family, $address) = @_;
    my $socket = new_socket($family, SOCK_DGRAM) // return answer($id, error_code());
    bind($socket, $address) or return answer($id, error_code());
    hand_over($id, $socket, 'dgram.Socket', $family == AF_INET6 ? 'udp6' : 'udp4');
}

# As Node.js wants those that it is given.
sub new_socket {
    my ($family, $type) = @_;
    socket(my $socket, $family, $type | SOCK_NONBLOCK, 0) or return;
    return $socket;
}

# The name of the last error, as Node.js spells it.
sub error_code {
    my $error = "$!";
    my $number = 0 + $!;
    require Errno;
    my ($name) = sort grep { Errno->can($_)->() == $number } @Errno::EXPORT_OK;
    return $name // $error;
}

sub answer {
    my ($id, $error) = @_;
    say_to_agent(defined $error ? qq({"id":$id,"error":"$error"}\n) : qq({"id":$id}\n));
}

sub say_to_agent {
    my ($line) = @_;
    while (length $line) {
        my $written = syswrite($channel, $line);
        if (defined $written) { substr($line, 0, $written, '') } elsif ($! != EINTR) { exit 0 }
    }
}

# The agent alone may hold it: a second reader would take what is meant for the agent.
sub hand_over {
    my ($id, $socket, $type, $datagrams) = @_;
    fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
    my $of = defined $datagrams ? qq("dgramType":"$datagrams",) : '';
    my $line = qq({"cmd":"NODE_HANDLE","type":"$type",${of}"msg":{"id":$id}}\n);
    my $part = pack('P Q', $line, length $line);
    my $rights = pack('Q l l l x4', 20, SOL_SOCKET, SCM_RIGHTS, fileno $socket);
    my $message = pack('Q L x4 P Q P Q l x4', 0, 0, $part, 1, $rights, length $rights, 0);
    my $written = -1;
    do { $written = syscall($sendmsg, $channel_number, $message, 0) } while $written < 0 && $! == EINTR;
    exit 0 if $written < 0;
    say_to_agent(substr($line, $written));
    close($socket);
}

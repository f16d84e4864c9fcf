"""A link's names and values in as few characters as can be: one parameter, compressed against a fixed dictionary."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping

from playground.errors import PlaygroundError
from playground.language import mark

NAME = "z"
"""The parameter that holds all others."""
VERSION = "1"
"""The first sign of its value: another dictionary is another version, and old links stay readable."""
MAX_CHARS = 6_000
"""Of a packed value; each experiment and handout by hand takes less."""
MAX_BYTES = 20_000
"""Of what it may unpack to: no playground's link is longer."""
SIGNS = re.compile(r"[\w-]*", re.ASCII)
DICTIONARY = (
    b"softmax_cross_entropy,tf_playground,glorot_uniform,glorot_normal,he_uniform,he_normal,x1sq,x2sq,x1x2,sinx1,sinx2,x1,x2,regression,"
    b"moons,blobs,gauss,xor,circle,spiral,identity,sigmoid,relu,leaky_relu,swish,gelu,tanh,momentum,rmsprop,adamw,adam,sgd,batch,layer,"
    b"constant,cosine,false\0discretize\0test\0playing\0true\0title\0words\0gallery\0show\0hide\0lock\0"
    b"dataset,samples,noise,classes,train_fraction,features,axes,standardize,seed,init_seed,painted,only_painted,task,hidden,activation,"
    b"output_activation,initializer,normalization,residual,loss,optimizer,schedule,batch_size,shuffle,learning_rate,momentum,beta1,beta2,"
    b"decay,epsilon,schedule_steps,decay_rate,warmup_steps,clip_norm,l1,l2,weight_decay,dropout,label_smoothing,focal_gamma,huber_delta,"
    b"patience,play,step,step_one,reset,undo,new_start,new_samples,speed,time_line,branches,pictures,diagram,paint,curves,gradients,notices,"
    b"test_points,history,which_way,pulls,~data,~network,~activation,~optimizer,~rate,~regularization,~play,~time,~output,~charts"
)
"""What links hold most, the likeliest last. A part of the format: never changed, only replaced by another version's."""


def pack_query(query: Mapping[str, str]) -> dict[str, str]:
    """``query`` as one parameter; an empty one stays empty."""
    if not query:
        return {}
    raw = "\0".join(part for pair in query.items() for part in pair).encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    packed = base64.urlsafe_b64encode(deflate.compress(raw) + deflate.flush()).rstrip(b"=").decode()
    return {NAME: VERSION + packed}


def unpack_query(query: Mapping[str, str]) -> dict[str, str]:
    """``query`` with what its packed parameter holds in that one's place; names that stand beside it count more.

    Raises ``PlaygroundError`` for one that cannot be read, or that unpacks to more than any link holds.
    """
    rest = {name: value for name, value in query.items() if name != NAME}
    packed = query.get(NAME)
    if packed is None:
        return rest
    if not packed.startswith(VERSION) or len(packed) > MAX_CHARS or not SIGNS.fullmatch(packed):
        raise PlaygroundError(mark("the short link cannot be read; copy the whole of it."))
    inflate = zlib.decompressobj(-15, DICTIONARY)
    try:
        compressed = base64.urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4))
        parts = inflate.decompress(compressed, MAX_BYTES).decode().split("\0")
    except (zlib.error, binascii.Error, UnicodeDecodeError):
        raise PlaygroundError(mark("the short link cannot be read; copy the whole of it.")) from None
    if not inflate.eof or len(parts) % 2:
        raise PlaygroundError(mark("the short link cannot be read; copy the whole of it."))
    return dict(zip(parts[::2], parts[1::2], strict=True)) | rest

"""Data sets as tensors: from the learner's folder, from the network, or an offline stand-in; sizes by preset."""

import importlib

_HOME = {
    "mnist": "sets",
    "fashion_mnist": "sets",
    "sequential_fashion_mnist": "sets",
    "cifar10": "sets",
    "Images": "images",
    "columns": "images",
    "split": "holdout",
    "dvs128_gesture": "dvs128",
    "n_mnist": "nmnist",
    "GESTURES": "recordings",
    "Recordings": "recordings",
    "Frames": "recordings",
    "time_first": "recordings",
    "frames_by_number": "events",
    "frames_by_time": "events",
    "frames_by_duration": "events",
    "integrate": "events",
    "by_time": "events",
    "resized": "events",
    "event_gif": "playing",
    "pad_collate": "events",
    "padded_mask": "events",
    "synthetic_gestures": "gestures",
    "record_gesture": "gestures",
    "gesture_movie": "gestures",
    "EventCamera": "camera",
    "image_folder": "folders",
    "ImageFolder": "folders",
    "check_labels": "labels",
    "DataError": "files",
    "folder": "files",
    "preset": "presets",
    "choose": "presets",
}
__all__ = list(_HOME)


def __getattr__(name: str):
    # Loaded on first use: the command line asks for the folder and must not wait for torch.
    if name not in _HOME:
        raise AttributeError(f"data has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"course_snn.data.{_HOME[name]}"), name)
